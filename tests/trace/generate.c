/* A random walk over what the strands could do next. */
#include "generate.h"

#include <string.h>

enum life { UNBORN, GOROUTINE, THREAD, ENDED, JOINED };

#define NOBODY 255
#define TRIES_MOST 6000
#define SIZE_MOST 64 // of an access: a vector register

/* What is true after the events so far. */
struct world {
    enum life life[TRACE_STRANDS];
    bool was_thread[TRACE_STRANDS];
    uint8_t writer[TRACE_OBJECTS];             // who holds the lock alone
    bool reader[TRACE_OBJECTS][TRACE_STRANDS]; // who shares it
    bool mixed[TRACE_OBJECTS];                 // it has been something else than a lock
};

/* How one trace differs from another. */
struct taste {
    unsigned strands;   // at most
    unsigned variables; // words that are touched
    unsigned objects;
    unsigned events;
    bool whole; // reads of whole KiBs
    unsigned weight[TRACE_KINDS];
    bool touches;
};

struct generator {
    uint64_t state;
    struct world world;
    struct taste taste;
};

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
static uint64_t next(struct generator *generator)
{
    uint64_t x = generator->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    generator->state = x;
    return x * UINT64_C(2685821657736338717);
}

static unsigned below(struct generator *generator, unsigned limit)
{
    return (unsigned)(next(generator) >> 33) % limit;
}

static bool is_alive(const struct world *world, uint8_t strand)
{
    return world->life[strand] == GOROUTINE || world->life[strand] == THREAD;
}

static bool is_shared(const struct world *world, uint8_t object)
{
    for (int i = 0; i < TRACE_STRANDS; i++)
        if (world->reader[object][i])
            return true;
    return false;
}

static bool holds_any(const struct world *world, uint8_t strand)
{
    for (int i = 0; i < TRACE_OBJECTS; i++)
        if (world->writer[i] == strand || world->reader[i][strand])
            return true;
    return false;
}

static bool is_order_right(const struct trace_event *event)
{
    switch (event->kind) {
    case TRACE_LOAD:
        return event->order != TRACE_RELEASES && event->order != TRACE_ACQ_REL;
    case TRACE_STORE:
        return event->order == TRACE_RELAXED || event->order == TRACE_RELEASES ||
               event->order == TRACE_SEQ_CST;
    case TRACE_FENCE:
        return event->order != TRACE_RELAXED;
    default:
        return true;
    }
}

/* What is known to be a lock only is used as one while somebody has it. */
static bool may_mix(const struct world *world, uint8_t object)
{
    return world->mixed[object] || world->writer[object] == NOBODY;
}

static bool is_possible(const struct world *world, const struct trace_event *event)
{
    uint8_t strand = event->strand;
    uint8_t object = event->object;
    uint8_t second = event->second;
    if (!is_alive(world, strand) || !is_order_right(event))
        return false;
    switch (event->kind) {
    case TRACE_LOCK:
        return world->writer[object] == NOBODY && !is_shared(world, object);
    case TRACE_SHARE:
        return world->writer[object] == NOBODY && !world->reader[object][strand];
    case TRACE_UNLOCK:
        return world->writer[object] == strand;
    case TRACE_UNSHARE:
        return world->reader[object][strand];
    case TRACE_ACQUIRE:
    case TRACE_RELEASE:
    case TRACE_MERGE:
    case TRACE_TRADE:
        return may_mix(world, object);
    case TRACE_EXCHANGE:
        return may_mix(world, object) && may_mix(world, second);
    case TRACE_SPAWN:
    case TRACE_FORK:
        return world->life[second] == UNBORN;
    case TRACE_END:
        return strand != 0 && !holds_any(world, strand);
    case TRACE_SLOT_FOR:
    case TRACE_MEET:
    case TRACE_HAND:
        return second != strand && is_alive(world, second);
    case TRACE_JOIN:
        return world->life[second] == ENDED && world->was_thread[second];
    default:
        return true;
    }
}

static void happen(struct world *world, const struct trace_event *event)
{
    switch (event->kind) {
    case TRACE_EXCHANGE:
        if (event->object != event->second) // else nothing happens
            world->mixed[event->object] = world->mixed[event->second] = true;
        break;
    case TRACE_RELEASE:
    case TRACE_MERGE:
    case TRACE_TRADE:
        world->mixed[event->object] = true;
        break;
    case TRACE_LOCK:
        world->writer[event->object] = event->strand;
        break;
    case TRACE_UNLOCK:
        world->writer[event->object] = NOBODY;
        break;
    case TRACE_SHARE:
        world->reader[event->object][event->strand] = true;
        break;
    case TRACE_UNSHARE:
        world->reader[event->object][event->strand] = false;
        break;
    case TRACE_SPAWN:
        world->life[event->second] = GOROUTINE;
        break;
    case TRACE_FORK:
        world->life[event->second] = THREAD;
        world->was_thread[event->second] = true;
        break;
    case TRACE_END:
        world->life[event->strand] = ENDED;
        break;
    case TRACE_JOIN:
        world->life[event->second] = JOINED;
        break;
    default:
        break;
    }
}

static void begin(struct world *world)
{
    memset(world, 0, sizeof *world);
    memset(world->writer, NOBODY, sizeof world->writer);
    world->life[0] = THREAD;
}

bool generate_is_valid(const struct trace *trace)
{
    struct world world;
    begin(&world);
    for (size_t i = 0; i < trace->count; i++) {
        if (!is_possible(&world, &trace->event[i]))
            return false;
        happen(&world, &trace->event[i]);
    }
    return true;
}

static const unsigned usual[TRACE_KINDS] = {
    [TRACE_READ] = 30,   [TRACE_WRITE] = 16, [TRACE_LOAD] = 8,     [TRACE_STORE] = 6,
    [TRACE_MODIFY] = 6,  [TRACE_FENCE] = 5,  [TRACE_ACQUIRE] = 5,  [TRACE_RELEASE] = 3,
    [TRACE_MERGE] = 3,   [TRACE_TRADE] = 3,  [TRACE_EXCHANGE] = 1, [TRACE_LOCK] = 6,
    [TRACE_UNLOCK] = 12, [TRACE_SHARE] = 4,  [TRACE_UNSHARE] = 8,  [TRACE_SPAWN] = 6,
    [TRACE_FORK] = 6,    [TRACE_END] = 2,    [TRACE_JOIN] = 6,     [TRACE_NEW] = 1,
    [TRACE_FREE] = 0,    [TRACE_SLOT] = 3,   [TRACE_SLOT_FOR] = 1, [TRACE_MEET] = 2,
    [TRACE_HAND] = 1,
};

static void choose_taste(struct generator *generator)
{
    struct taste *taste = &generator->taste;
    bool crowd = below(generator, 8) == 0; // many strands, which mostly read
    taste->strands = crowd ? TRACE_STRANDS : 2 + below(generator, 7);
    taste->variables = below(generator, 4) == 0 ? 12 : 1 + below(generator, 3);
    taste->objects = 1 + below(generator, 4);
    taste->events = 10 + below(generator, crowd ? 230 : 110);
    memcpy(taste->weight, usual, sizeof usual);
    for (unsigned i = 0; i < 6; i++) {
        unsigned kind = below(generator, TRACE_KINDS);
        taste->weight[kind] *= below(generator, 3) == 0 ? 0 : 4;
    }
    if (below(generator, 8) == 0)
        taste->weight[TRACE_FREE] = 1;
    taste->touches = below(generator, 4) == 0;
    if (taste->touches)
        taste->variables = 12;
    taste->whole = below(generator, 4) == 0;
    if (taste->whole) {
        taste->events += below(generator, TRACE_EVENTS_MAX - taste->events);
        taste->weight[TRACE_READ] *= 2;
    }
    if (crowd) {
        taste->weight[TRACE_SPAWN] += 12;
        taste->weight[TRACE_FORK] += 12;
        taste->weight[TRACE_READ] *= 2;
    }
}

static uint8_t choose_kind(struct generator *generator)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < TRACE_KINDS; i++)
        sum += generator->taste.weight[i];
    unsigned at = below(generator, sum);
    uint8_t kind = 0;
    while (at >= generator->taste.weight[kind])
        at -= generator->taste.weight[kind++];
    return kind;
}

/* Mostly natural sizes, now and then anything, across words too. */
static void choose_variable(struct generator *generator, struct trace_event *event)
{
    unsigned bytes = generator->taste.variables * TRACE_VARIABLE_SIZE;
    bool atomic = event->kind == TRACE_LOAD || event->kind == TRACE_STORE ||
                  event->kind == TRACE_MODIFY;
    if (generator->taste.whole && event->kind == TRACE_READ && below(generator, 2) == 0) {
        event->addr = 0;
        event->size = (uint16_t)bytes;
        return;
    }
    if (event->kind == TRACE_NEW || event->kind == TRACE_FREE ||
        (!atomic && below(generator, 6) == 0)) {
        event->addr = (uint16_t)below(generator, bytes);
        unsigned most = bytes - event->addr;
        event->size =
            (uint16_t)(1 + below(generator, most < SIZE_MOST ? most : SIZE_MOST));
        return;
    }
    unsigned shift = below(generator, 8);
    shift = shift > 4 ? 3 : shift;
    event->size = (uint16_t)(1u << shift);
    while (event->size > bytes)
        event->size /= 2;
    event->addr = (uint16_t)(below(generator, bytes / event->size) * event->size);
}

/* As who uses a channel: each strand reads a byte of its own again and again.  The subject makes
 * such reads in one place. */
static void choose_touch(struct generator *generator, struct trace_event *event)
{
    if (!generator->taste.touches || below(generator, 2) != 0)
        return;
    event->kind = TRACE_READ;
    event->size = 1;
    event->addr =
        (uint16_t)(event->strand % generator->taste.variables * TRACE_VARIABLE_SIZE);
    while (event->addr % 3 != 1)
        event->addr++;
}

/* The first variables lie across a KiB, in a line's first word, across lines, across a page. */
static const uint16_t offsets[] = {0, 1008, 64, 48, 112, 4080, 4064, 4096};

void generate(struct trace *trace, uint64_t seed)
{
    struct generator generator = {.state = seed * 2 + 1};
    for (int i = 0; i < 4; i++)
        (void)next(&generator); // away from a seed of few bits
    choose_taste(&generator);
    begin(&generator.world);
    trace->count = 0;
    trace->offset = offsets[below(&generator, sizeof offsets / sizeof offsets[0])];
    trace->alone = below(&generator, 2) == 0;
    trace->whole =
        (uint16_t)(generator.taste.whole ? generator.taste.variables * TRACE_VARIABLE_SIZE
                                         : 0);
    for (unsigned tries = 0; trace->count < generator.taste.events && tries < TRIES_MOST;
         tries++) {
        struct trace_event event = {.kind = choose_kind(&generator)};
        event.strand = (uint8_t)below(&generator, generator.taste.strands);
        event.order = (uint8_t)below(&generator, TRACE_SEQ_CST + 1);
        event.object = (uint8_t)below(&generator, generator.taste.objects);
        event.second = (uint8_t)below(&generator, event.kind == TRACE_EXCHANGE
                                                      ? generator.taste.objects
                                                      : generator.taste.strands);
        choose_variable(&generator, &event);
        choose_touch(&generator, &event);
        event.where = (uint16_t)trace->count;
        if (!is_possible(&generator.world, &event))
            continue;
        happen(&generator.world, &event);
        trace->event[trace->count++] = event;
    }
}
