/* Atomic locations: their last stores, and what each task may read of them.
 *
 * A view says for each location from which store on a task may read.  A task has four:
 *   seen      what its loads may not fall behind
 *   acquired  what an acquire fence would add, from relaxed loads
 *   released  what a relaxed store carries, from the last release fence
 *   compiled  what the compiler cannot have moved behind this point: for the other side of
 *             a process-wide barrier, which says nothing about the order of what the
 *             compiler was free to exchange
 * Beside each view stands a vector clock for happens-before; a seq_cst fence or a process-wide
 * barrier moves views, but only acquire and release move clocks. */
#include "inside.h"

#include <string.h>

enum {
    LOCATIONS_MAX = 512,
    HISTORY = 6, /* stores of a location that can still be read */
    BUCKETS = 2048,
};

struct view {
    uint16_t from[LOCATIONS_MAX];
};

struct clock {
    uint32_t time[MODEL_TASKS_MAX];
};

struct point {
    struct view view;
    struct clock clock;
};

struct message {
    uint64_t value;
    uint16_t index;
    struct point carried;
};

struct location {
    const volatile void *address;
    size_t size;
    uint16_t first; /* of the stores that can be read */
    uint16_t last;
    bool dirty; /* plain code has written since */
    struct message history[HISTORY];
};

struct memory {
    struct point seen;
    struct point acquired;
    struct point released;
    struct view compiled;
};

static struct location *locations MODEL_KEPT;
static unsigned location_count MODEL_KEPT;
static uint16_t buckets[BUCKETS] MODEL_KEPT; /* 1 + the number; 0: empty */
static struct memory memories[MODEL_TASKS_MAX] MODEL_KEPT;
static struct view seq_cst MODEL_KEPT;

static void join_views(struct view *into, const struct view *from)
{
    for (unsigned i = 0; i < location_count; i++)
        if (into->from[i] < from->from[i])
            into->from[i] = from->from[i];
}

static void join(struct point *into, const struct point *from)
{
    join_views(&into->view, &from->view);
    for (unsigned i = 0; i < MODEL_TASKS_MAX; i++)
        if (into->clock.time[i] < from->clock.time[i])
            into->clock.time[i] = from->clock.time[i];
}

void model_memory_reset(void)
{
    if (locations == NULL)
        locations = model_map(LOCATIONS_MAX * sizeof *locations);
    for (unsigned i = 0; i < location_count; i++)
        locations[i].address = NULL;
    location_count = 0;
    memset(buckets, 0, sizeof buckets);
    memset(memories, 0, sizeof memories);
    memset(&seq_cst, 0, sizeof seq_cst);
    for (unsigned i = 0; i < MODEL_TASKS_MAX; i++)
        memories[i].seen.clock.time[i] = 1;
}

static struct memory *mine(void)
{
    return &memories[model_current];
}

static uint32_t *my_time(void)
{
    return &mine()->seen.clock.time[model_current];
}

uint32_t model_clock(void)
{
    return *my_time();
}

bool model_ordered_before(unsigned task, uint32_t time)
{
    return mine()->seen.clock.time[task] >= time;
}

void model_memory_fork(unsigned parent, unsigned child)
{
    join(&memories[child].seen, &memories[parent].seen);
    memories[child].compiled = memories[child].seen.view;
    memories[parent].seen.clock.time[parent]++;
}

void model_memory_join(unsigned parent, unsigned child)
{
    join(&memories[parent].seen, &memories[child].seen);
}

static uint64_t memory_value(const volatile void *p, size_t size)
{
    uint64_t value = 0;
    memcpy(&value, (const void *)(uintptr_t)p, size);
    return value;
}

/* Its history becomes what memory holds: all older stores happened before. */
static void collapse(struct location *l)
{
    l->dirty = false;
    l->last++;
    l->first = l->last;
    struct message *m = &l->history[l->last % HISTORY];
    memset(&m->carried, 0, sizeof m->carried);
    m->value = memory_value(l->address, l->size);
    m->index = l->last;
}

static unsigned bucket_of(const volatile void *p)
{
    return (unsigned)(((uintptr_t)p * UINT64_C(0x9E3779B97F4A7C15)) >> 53) % BUCKETS;
}

static struct location *find(const volatile void *p)
{
    for (unsigned b = bucket_of(p); buckets[b] != 0; b = (b + 1) % BUCKETS)
        if (locations[buckets[b] - 1].address == p)
            return &locations[buckets[b] - 1];
    return NULL;
}

static struct location *location_at(const volatile void *p, size_t size)
{
    struct location *l = find(p);
    if (l == NULL) {
        if (location_count == LOCATIONS_MAX)
            model_fail("more than %d atomic locations", LOCATIONS_MAX);
        unsigned b = bucket_of(p);
        while (buckets[b] != 0)
            b = (b + 1) % BUCKETS;
        l = &locations[location_count++];
        buckets[b] = (uint16_t)location_count;
        *l = (struct location){.address = p, .size = size, .dirty = true};
    }
    if (l->size != size)
        model_fail("an atomic of %zu and of %zu bytes", l->size, size);
    if (l->dirty)
        collapse(l);
    return l;
}

void model_memory_dirty(const volatile void *p, size_t size)
{
    uintptr_t from = (uintptr_t)p & ~(uintptr_t)7;
    for (uintptr_t at = from; at < (uintptr_t)p + size; at++) {
        struct location *l = find((const volatile void *)at);
        if (l != NULL && at + l->size > (uintptr_t)p)
            l->dirty = true;
    }
}

static unsigned number(const struct location *l)
{
    return (unsigned)(l - locations);
}

static bool acquires(enum model_order order)
{
    return order == MODEL_ACQUIRE || order == MODEL_ACQ_REL || order == MODEL_SEQ_CST;
}

static bool releases(enum model_order order)
{
    return order == MODEL_RELEASE || order == MODEL_ACQ_REL || order == MODEL_SEQ_CST;
}

static void read_from(const struct location *l, const struct message *m,
                      enum model_order order)
{
    struct memory *me = mine();
    if (me->seen.view.from[number(l)] < m->index)
        me->seen.view.from[number(l)] = m->index;
    join(acquires(order) ? &me->seen : &me->acquired, &m->carried);
}

/* A store; BEFORE, where not NULL, is the store that this one read and goes on to release. */
static void write_to(struct location *l, uint64_t value, enum model_order order,
                     const struct message *before)
{
    struct memory *me = mine();
    struct point carried = releases(order) ? me->seen : me->released;
    if (before != NULL)
        join(&carried, &before->carried);
    if (releases(order))
        me->compiled = me->seen.view;
    l->last++;
    if (l->last - l->first >= HISTORY)
        l->first = (uint16_t)(l->last - HISTORY + 1);
    struct message *m = &l->history[l->last % HISTORY];
    m->value = value;
    m->index = l->last;
    m->carried = carried;
    m->carried.view.from[number(l)] = l->last;
    me->seen.view.from[number(l)] = l->last;
    if (order == MODEL_SEQ_CST)
        seq_cst.from[number(l)] = l->last;
    (*my_time())++;
    memcpy((void *)(uintptr_t)l->address, &value, l->size);
    model_progress();
}

static const struct message *latest(const struct location *l)
{
    return &l->history[l->last % HISTORY];
}

/* The oldest store to L that a load by the running task may read. */
static uint16_t oldest_readable(const struct location *l, enum model_order order)
{
    uint16_t from = mine()->seen.view.from[number(l)];
    if (order == MODEL_SEQ_CST && from < seq_cst.from[number(l)])
        from = seq_cst.from[number(l)];
    return from < l->first ? l->first : from;
}

uint64_t goc__model_load(const volatile void *p, size_t size, enum model_order order,
                         const char *site)
{
    if (!model_runs())
        return memory_value(p, size);
    order = model_order_at(order, site);
    model_step();
    model_shadow_access(p, size, MODEL_ATOMIC | MODEL_READ, site);
    struct location *l = find(p);
    if (l == NULL) { /* nobody has stored to it: one value, which carries nothing */
        model_note("load", site, p, memory_value(p, size));
        return memory_value(p, size);
    }
    l = location_at(p, size);
    uint16_t from = oldest_readable(l, order);
    unsigned older = model_decide_surprise((unsigned)(l->last - from) + 1);
    const struct message *m = &l->history[(l->last - older) % HISTORY];
    model_note(older ? "load old" : "load", site, p, m->value);
    read_from(l, m, order);
    return m->value;
}

void goc__model_store(volatile void *p, size_t size, uint64_t value,
                      enum model_order order, const char *site)
{
    if (!model_runs()) {
        memcpy((void *)(uintptr_t)p, &value, size);
        return;
    }
    order = model_order_at(order, site);
    model_step();
    model_shadow_access(p, size, MODEL_ATOMIC | MODEL_WRITE, site);
    model_note("store", site, p, value);
    write_to(location_at(p, size), value, order, NULL);
}

static uint64_t combined(enum model_op op, uint64_t old, uint64_t value, size_t size)
{
    uint64_t mask = size == 8 ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
    switch (op) {
    case MODEL_ADD:
        return (old + value) & mask;
    case MODEL_SUB:
        return (old - value) & mask;
    case MODEL_OR:
        return (old | value) & mask;
    case MODEL_AND:
        return old & value & mask;
    default:
        return value & mask;
    }
}

uint64_t goc__model_rmw(volatile void *p, size_t size, enum model_op op, uint64_t value,
                        enum model_order order, const char *site)
{
    if (!model_runs()) {
        uint64_t old = memory_value(p, size);
        uint64_t fresh = combined(op, old, value, size);
        memcpy((void *)(uintptr_t)p, &fresh, size);
        return old;
    }
    order = model_order_at(order, site);
    model_spin_ended();
    model_step();
    model_shadow_access(p, size, MODEL_ATOMIC | MODEL_WRITE, site);
    struct location *l = location_at(p, size);
    struct message before = *latest(l);
    uint64_t fresh = combined(op, before.value, value, size);
    model_note("rmw", site, p, fresh);
    read_from(l, &before, order);
    write_to(l, fresh, order, &before);
    return before.value;
}

/* The store that a cas for WANTED reads: the last one, which it must if it succeeds, or any other
 * that a load may read and that makes it fail. */
static const struct message *read_by_cas(const struct location *l, uint64_t wanted,
                                         enum model_order order)
{
    const struct message *candidates[HISTORY] = {latest(l)};
    unsigned count = 1;
    uint16_t from = oldest_readable(l, order == MODEL_SEQ_CST ? order : MODEL_RELAXED);
    for (uint16_t i = l->last; i-- > from;)
        if (l->history[i % HISTORY].value != wanted)
            candidates[count++] = &l->history[i % HISTORY];
    return candidates[model_decide_surprise(count)];
}

bool goc__model_cas(volatile void *p, size_t size, void *expected, uint64_t value,
                    enum model_order order, const char *site)
{
    uint64_t wanted = memory_value(expected, size);
    if (!model_runs()) {
        uint64_t found = memory_value(p, size);
        memcpy(expected, &found, size);
        if (found == wanted)
            memcpy((void *)(uintptr_t)p, &value, size);
        return found == wanted;
    }
    order = model_order_at(order, site);
    model_spin_ended();
    model_step();
    struct location *l = location_at(p, size);
    struct message before = *read_by_cas(l, wanted, order);
    bool done = before.value == wanted;
    model_shadow_access(p, size, MODEL_ATOMIC | (done ? MODEL_WRITE : MODEL_READ), site);
    model_note(done                      ? "cas"
               : before.index == l->last ? "cas fails"
                                         : "cas fails old",
               site, p, done ? value : before.value);
    if (done) {
        read_from(l, &before, order);
        write_to(l, combined(MODEL_EXCHANGE, 0, value, size), order, &before);
    } else {
        read_from(l, &before, order == MODEL_RELEASE ? MODEL_RELAXED : order);
        memcpy(expected, &before.value, size);
    }
    return done;
}

void goc__model_fence(enum model_order order, const char *site)
{
    if (!model_runs() || !model_barrier_at(site))
        return;
    model_step();
    model_note("fence", site, NULL, 0);
    struct memory *me = mine();
    if (acquires(order))
        join(&me->seen, &me->acquired);
    if (order == MODEL_SEQ_CST) {
        join_views(&me->seen.view, &seq_cst);
        seq_cst = me->seen.view;
    }
    if (releases(order))
        me->released = me->seen;
    me->compiled = me->seen.view;
    (*my_time())++;
}

void goc__model_compiler_barrier(const char *site)
{
    if (model_runs() && model_barrier_at(site))
        mine()->compiled = mine()->seen.view;
}

void model_memory_barrier(void)
{
    join_views(&seq_cst, &mine()->seen.view);
    for (unsigned i = 0; i < model_task_count(); i++)
        join_views(&seq_cst, &memories[i].compiled);
    for (unsigned i = 0; i < model_task_count(); i++)
        join_views(&memories[i].seen.view, &seq_cst);
}
