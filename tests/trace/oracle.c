/* Vector clocks, naively. */
#include "oracle.h"

#include <string.h>

static void join(oracle_clock to, const oracle_clock from)
{
    for (int i = 0; i < TRACE_STRANDS; i++)
        if (from[i] > to[i])
            to[i] = from[i];
}

static void copy(oracle_clock to, const oracle_clock from)
{
    memcpy(to, from, sizeof(oracle_clock));
}

static bool is_zero(const oracle_clock clock)
{
    for (int i = 0; i < TRACE_STRANDS; i++)
        if (clock[i] != 0)
            return false;
    return true;
}

void oracle_begin(struct oracle *oracle)
{
    memset(oracle->strand, 0, sizeof oracle->strand);
    memset(oracle->fence, 0, sizeof oracle->fence);
    memset(oracle->pending, 0, sizeof oracle->pending);
    memset(oracle->object, 0, sizeof oracle->object);
    memset(oracle->slot, 0, sizeof oracle->slot);
    memset(oracle->shared, 0, sizeof oracle->shared);
    memset(oracle->back, 0, sizeof oracle->back);
    memset(oracle->goes_on, 0, sizeof oracle->goes_on);
    memset(oracle->count, 0, sizeof oracle->count);
    for (int i = 0; i < TRACE_BYTES; i++)
        oracle->atomic[i].size = 0;
    oracle->strand[0][0] = 1;
}

/* ---- races ------------------------------------------------------------------------ */

static struct oracle_access as_access(const struct oracle *oracle,
                                      const struct trace_event *event, size_t number)
{
    uint8_t kind = event->kind;
    return (struct oracle_access){
        .event = number,
        .strand = event->strand,
        .clock = oracle->strand[event->strand][event->strand],
        .write = kind == TRACE_WRITE || kind == TRACE_STORE || kind == TRACE_MODIFY ||
                 kind == TRACE_FREE,
        .atomic = kind == TRACE_LOAD || kind == TRACE_STORE || kind == TRACE_MODIFY,
        .free = kind == TRACE_FREE,
    };
}

static bool races(const struct oracle *oracle, const struct oracle_access *earlier,
                  const struct oracle_access *later)
{
    const uint32_t *now = oracle->strand[later->strand];
    if (earlier->gone)
        return false;
    if (earlier->free)
        return true;
    if (now[earlier->strand] >= earlier->clock)
        return false;
    return (earlier->write || later->write) && !(earlier->atomic && later->atomic);
}

bool oracle_same_moment(const struct oracle *oracle, const struct oracle_access *a,
                        const struct oracle_access *b)
{
    uint32_t first = a->clock < b->clock ? a->clock : b->clock;
    uint32_t last = a->clock < b->clock ? b->clock : a->clock;
    if (a->strand != b->strand)
        return false;
    while (last != first && oracle->goes_on[a->strand][last])
        last--;
    return last == first;
}

static bool repeats(const struct oracle *oracle, const struct oracle_access *earlier,
                    const struct oracle_access *later)
{
    return oracle_same_moment(oracle, earlier, later) && !earlier->gone &&
           !earlier->free && !later->free && (earlier->write || !later->write) &&
           (!earlier->atomic || later->atomic);
}

static void step_access(struct oracle *oracle, const struct trace_event *event,
                        size_t number, enum oracle_verdict verdict[TRACE_BYTES])
{
    struct oracle_access access = as_access(oracle, event, number);
    copy(oracle->seen[number], oracle->strand[event->strand]);
    for (int b = event->addr; b < event->addr + event->size; b++) {
        bool racy = false, again = false;
        for (size_t i = 0; i < oracle->count[b]; i++) {
            racy |= races(oracle, &oracle->access[b][i], &access);
            again |= repeats(oracle, &oracle->access[b][i], &access);
        }
        verdict[b] = !racy ? ORACLE_ORDERED : again ? ORACLE_REPEATS : ORACLE_RACES;
        oracle->access[b][oracle->count[b]++] = access;
    }
}

bool oracle_races_with(const struct oracle *oracle, const struct trace *trace,
                       size_t number, struct oracle_named named)
{
    const struct oracle_access *all = oracle->access[named.byte];
    size_t count = oracle->count[named.byte];
    const struct oracle_access *later = &all[count - 1];
    if (count == 0 || later->event != number)
        return false;
    for (size_t i = 0; i + 1 < count; i++)
        if (all[i].strand == named.strand && all[i].write == named.write &&
            all[i].atomic == named.atomic &&
            trace->event[all[i].event].where == named.where &&
            races(oracle, &all[i], later))
            return true;
    return false;
}

/* ACCESS comes after EARLIER, and races with whatever EARLIER races with. */
static bool speaks_for(const struct oracle *oracle, const struct oracle_access *access,
                       const struct oracle_access *earlier)
{
    return !oracle_same_moment(oracle, access, earlier) &&
           oracle->seen[access->event][earlier->strand] >= earlier->clock &&
           (access->write || !earlier->write) && (!access->atomic || earlier->atomic) &&
           (access->free || !earlier->free);
}

bool oracle_must_name(const struct oracle *oracle, uint16_t byte,
                      const struct oracle_access *earlier)
{
    const struct oracle_access *all = oracle->access[byte];
    const struct oracle_access *last = &all[oracle->count[byte] - 1];
    if (earlier == last || !races(oracle, earlier, last))
        return false;
    for (const struct oracle_access *other = all; other != last; other++)
        if (races(oracle, other, last) && speaks_for(oracle, other, earlier))
            return false;
    return true;
}

/* ---- atomics ---------------------------------------------------------------------- */

static bool overlaps(const struct oracle_atomic *atomic, const struct trace_event *event)
{
    return atomic->size != 0 && atomic->addr < event->addr + event->size &&
           event->addr < atomic->addr + atomic->size;
}

static void read_value(struct oracle *oracle, const struct trace_event *event)
{
    uint32_t *taken = trace_acquires(event->order) ? oracle->strand[event->strand]
                                                   : oracle->pending[event->strand];
    for (int i = 0; i < TRACE_BYTES; i++)
        for (size_t h = 0;
             overlaps(&oracle->atomic[i], event) && h < oracle->atomic[i].count; h++)
            join(taken, oracle->atomic[i].head[h].clock);
}

/* The value is now the strand's: it belongs to what it heads itself, and, by a plain store,
 * only to the sequences of its own that were there. */
static void write_value(struct oracle *oracle, const struct trace_event *event)
{
    struct oracle_atomic *atomic = &oracle->atomic[event->addr];
    uint8_t strand = event->strand;
    const uint32_t *left =
        trace_releases(event->order) ? oracle->strand[strand] : oracle->fence[strand];
    if (event->kind == TRACE_STORE) {
        size_t kept = 0;
        for (int i = 0; i < TRACE_BYTES; i++)
            if (i != event->addr && overlaps(&oracle->atomic[i], event))
                oracle->atomic[i].count = 0;
        for (size_t h = 0; atomic->size != 0 && h < atomic->count; h++)
            if (atomic->head[h].strand == strand)
                atomic->head[kept++] = atomic->head[h];
        atomic->count = kept;
    }
    if (atomic->size == 0 && is_zero(left))
        return;
    if (event->kind == TRACE_MODIFY && is_zero(left))
        return;
    if (atomic->size == 0)
        atomic->count = 0;
    atomic->addr = event->addr;
    atomic->size = event->size;
    if (is_zero(left))
        return;
    atomic->head[atomic->count].strand = strand;
    copy(atomic->head[atomic->count++].clock, left);
}

static void step_atomic(struct oracle *oracle, const struct trace_event *event,
                        size_t number, enum oracle_verdict verdict[TRACE_BYTES])
{
    uint32_t *now = oracle->strand[event->strand];
    if (event->kind != TRACE_STORE)
        read_value(oracle, event);
    step_access(oracle, event, number, verdict);
    if (event->kind == TRACE_LOAD)
        return;
    write_value(oracle, event);
    if (trace_releases(event->order))
        now[event->strand]++;
}

static void step_fence(struct oracle *oracle, const struct trace_event *event)
{
    uint32_t *now = oracle->strand[event->strand];
    if (trace_acquires(event->order))
        join(now, oracle->pending[event->strand]);
    if (trace_releases(event->order)) {
        copy(oracle->fence[event->strand], now);
        now[event->strand]++;
    }
}

/* ---- everything else -------------------------------------------------------------- */

static void step_trade(oracle_clock now, oracle_clock object, uint8_t strand)
{
    oracle_clock taken;
    copy(taken, object);
    copy(object, now);
    now[strand]++;
    join(now, taken);
}

/* The lock at BACK is taken, or used for something else. */
static void step_back(struct oracle *oracle, const struct trace_event *event,
                      struct oracle_back *back)
{
    uint32_t clock = oracle->strand[event->strand][event->strand];
    uint8_t kind = event->kind;
    if (kind == TRACE_LOCK && back->clock != 0 && back->strand == event->strand &&
        back->clock + 1 == clock)
        oracle->goes_on[event->strand][clock] = true;
    back->mixed |= kind == TRACE_RELEASE || kind == TRACE_MERGE || kind == TRACE_TRADE ||
                   kind == TRACE_EXCHANGE;
    back->strand = event->strand;
    back->clock = kind == TRACE_UNLOCK && !back->mixed ? clock : 0;
}

static void step_slot(struct oracle *oracle, const struct trace_event *event)
{
    uint8_t strand = event->kind == TRACE_SLOT ? event->strand : event->second;
    step_trade(oracle->strand[strand], oracle->slot[event->object], strand);
}

static void step_objects(struct oracle *oracle, const struct trace_event *event)
{
    if (event->kind == TRACE_EXCHANGE && event->object == event->second)
        return;
    step_back(oracle, event, &oracle->back[event->object]);
    if (event->kind == TRACE_EXCHANGE)
        step_back(oracle, event, &oracle->back[event->second]);
    uint32_t *now = oracle->strand[event->strand];
    uint32_t *object = oracle->object[event->object];
    uint32_t *shared = oracle->shared[event->object];
    oracle_clock swapped;
    switch (event->kind) {
    case TRACE_ACQUIRE:
    case TRACE_SHARE:
        join(now, object);
        break;
    case TRACE_LOCK:
        join(now, object);
        join(now, shared);
        break;
    case TRACE_UNLOCK:
        memset(shared, 0, sizeof(oracle_clock)); // the writer has seen it
        copy(object, now);
        now[event->strand]++;
        break;
    case TRACE_RELEASE:
        copy(object, now);
        now[event->strand]++;
        break;
    case TRACE_MERGE:
        join(object, now);
        now[event->strand]++;
        break;
    case TRACE_UNSHARE:
        join(shared, now);
        now[event->strand]++;
        break;
    case TRACE_TRADE:
        step_trade(now, object, event->strand);
        break;
    case TRACE_EXCHANGE:
        copy(swapped, object);
        copy(object, oracle->object[event->second]);
        copy(oracle->object[event->second], swapped);
        break;
    default:
        break;
    }
}

static void step_strands(struct oracle *oracle, const struct trace_event *event)
{
    uint32_t *now = oracle->strand[event->strand];
    uint32_t *other = oracle->strand[event->second];
    if (event->kind == TRACE_JOIN) {
        join(now, other);
        return;
    }
    if (event->kind == TRACE_MEET || event->kind == TRACE_HAND) {
        oracle_clock before;
        copy(before, other);
        join(other, now);
        now[event->strand]++;
        if (event->kind == TRACE_HAND)
            return;
        join(now, before);
        other[event->second]++;
        return;
    }
    copy(other, now);
    other[event->second] = 1;
    now[event->strand]++;
}

/* What was there is forgotten, and what atomics had released there. */
static void step_new(struct oracle *oracle, const struct trace_event *event)
{
    for (int b = event->addr; b < event->addr + event->size; b++) {
        for (size_t i = 0; i < oracle->count[b]; i++)
            oracle->access[b][i].gone = true;
        oracle->atomic[b].size = 0;
    }
}

void oracle_step(struct oracle *oracle, const struct trace_event *event, size_t number,
                 enum oracle_verdict verdict[TRACE_BYTES])
{
    switch (event->kind) {
    case TRACE_READ:
    case TRACE_WRITE:
    case TRACE_FREE:
        step_access(oracle, event, number, verdict);
        break;
    case TRACE_LOAD:
    case TRACE_STORE:
    case TRACE_MODIFY:
        step_atomic(oracle, event, number, verdict);
        break;
    case TRACE_FENCE:
        step_fence(oracle, event);
        break;
    case TRACE_SPAWN:
    case TRACE_FORK:
    case TRACE_JOIN:
    case TRACE_MEET:
    case TRACE_HAND:
        step_strands(oracle, event);
        break;
    case TRACE_END:
        break;
    case TRACE_NEW:
        step_new(oracle, event);
        break;
    case TRACE_SLOT:
    case TRACE_SLOT_FOR:
        step_slot(oracle, event);
        break;
    default:
        step_objects(oracle, event);
        break;
    }
}
