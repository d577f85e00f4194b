#include "sched/timers.h"

#include "base/bytes.h"
#include "base/panic.h"
#include "os/pages.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/runq.h"
#include "sched/sched.h"
#include "sched/small.h"

enum {
    HEAP_FIRST_BYTES = GOC_PAGE_BYTES,
    HEAP_SMALL = 256,               /* so many stay in the cache */
    FIRED_MOST = RUNQ_CAPACITY / 2, /* so that a ring does not overflow */
};

void goc__timers_init(struct timers *timers)
{
    store_relaxed(&timers->earliest, TIMER_NEVER);
}

/* Double the heap's storage.  Under the heap's lock. */
COLD static void grow(struct heap *heap)
{
    size_t bytes = heap->capacity * sizeof heap->entries[0];
    size_t wanted = bytes > 0 ? bytes * 2 : HEAP_FIRST_BYTES;
    char *fresh;
    if (goc__pages_map(wanted, &fresh) != 0)
        goc__fatal("runtime: cannot allocate memory for timers");
    if (bytes > 0) {
        bytes_copy(fresh, heap->entries, bytes);
        goc__pages_unmap((char *)heap->entries, bytes);
    }
    heap->entries = (struct heap_entry *)(void *)fresh;
    heap->capacity = (uint32_t)(wanted / sizeof heap->entries[0]);
}

static void note_earliest(struct timers *timers)
{
    int64_t earliest = goc__wheel_earliest(&timers->wheel);
    if (timers->heap.count > 0 && timers->heap.entries[0].key < earliest)
        earliest = timers->heap.entries[0].key;
    store_relaxed(&timers->earliest, earliest);
}

/* Under the heap's lock. */
static void insert_near(struct heap *heap, struct heap_node *node, int64_t when)
{
    if (UNLIKELY(heap->count == heap->capacity))
        grow(heap);
    heap_insert(heap, when, node);
}

/* Under the lock of TIMERS, a P's. */
static void insert(struct timers *timers, struct timer *timer, int64_t when)
{
    store_relaxed(&timer->home, timers);
    if (timers->heap.count >= HEAP_SMALL &&
        goc__wheel_insert(&timers->wheel, when, &timer->node,
                          load_relaxed(&goc__sched.coarse_now)))
        return;
    insert_near(&timers->heap, &timer->node, when);
}

/* Under the lock of TIMERS, which hold NODE. */
static void take_out(struct timers *timers, struct heap_node *node)
{
    if (wheel_holds(node))
        goc__wheel_remove(&timers->wheel, node);
    else
        heap_remove(&timers->heap, node);
}

/* G's timer is due soon. */
static inline void fetch_ahead(const struct g *g)
{
    if (g == NULL)
        return;
    __builtin_prefetch(g, 1);
    __builtin_prefetch((const char *)g + 64, 1);
}

/* G runs soon, and perhaps ends. */
static inline void fetch_stack(const struct g *g)
{
    __builtin_prefetch(g->context.sp, 1);
    if (g->small)
        __builtin_prefetch(goc__small_mark(g), 0);
}

/* The timers of the wheel's first bucket go to the heap.  Under the lock of TIMERS. */
static void open_bucket(struct timers *timers)
{
    int64_t start = goc__wheel_start(&timers->wheel);
    do {
        struct heap_entry entry = goc__wheel_take(&timers->wheel);
        fetch_ahead(LIST_OBJECT(entry.node, struct timer, node)->waiter);
        insert_near(&timers->heap, entry.node, entry.key);
    } while (goc__wheel_start(&timers->wheel) == start);
}

int64_t goc__timer_when(int64_t d)
{
    int64_t when;
    if (__builtin_add_overflow(goc__bubble_now(), d, &when))
        return d < 0 ? 0 : TIMER_NEVER - 1;
    return when < 0 ? 0 : when;
}

void goc__timers_add(struct timers *timers, struct timer *timer, int64_t when)
{
    goc__lock(&timers->lock);
    store_relaxed(&timer->home, timers);
    insert_near(&timers->heap, &timer->node, when);
    note_earliest(timers);
    goc__unlock(&timers->lock);
}

void goc__timers_clear(struct timers *timers)
{
    goc__lock(&timers->lock);
    while (timers->heap.count > 0) {
        struct heap_node *last = timers->heap.entries[timers->heap.count - 1].node;
        heap_remove(&timers->heap, last);
        store_relaxed(&LIST_OBJECT(last, struct timer, node)->home,
                      (struct timers *)NULL);
    }
    note_earliest(timers);
    goc__unlock(&timers->lock);
}

void goc__timer_start(struct timer *timer, int64_t when)
{
    if (UNLIKELY(timer->bubble != NULL)) {
        goc__bubble_timer_start(timer->bubble, timer, when);
        return;
    }
    struct m *m = goc__enter();
    bool elsewhere = m->p == NULL;
    if (UNLIKELY(elsewhere))
        goc__boot_start(); /* there must be a monitor: the first M may be outside for ever */
    struct timers *timers = elsewhere ? &goc__sched.procs[0]->timers : &m->p->timers;
    goc__lock(&timers->lock);
    insert(timers, timer, when);
    note_earliest(timers);
    goc__unlock(&timers->lock);
    if (elsewhere)
        goc__idle_watch(when);
    goc__leave(m);
}

/* Lock the heap that TIMER is in, or was in last. */
static struct timers *lock_home(const struct timer *timer)
{
    for (;;) {
        struct timers *home = load_relaxed(&timer->home);
        if (home == NULL)
            return NULL;
        goc__lock(&home->lock);
        if (load_relaxed(&timer->home) == home)
            return home;
        goc__unlock(&home->lock); /* its P was retired meanwhile */
    }
}

bool goc__timer_stop(struct timer *timer)
{
    struct timers *timers = lock_home(timer);
    if (timers == NULL)
        return false;
    bool armed = heap_holds(&timer->node);
    if (armed) {
        take_out(timers, &timer->node);
        note_earliest(timers);
    }
    goc__unlock(&timers->lock);
    return armed;
}

void goc__timers_move(struct timers *to, struct timers *from)
{
    goc__lock(&from->lock);
    goc__lock(&to->lock);
    while (from->wheel.count > 0)
        open_bucket(from);
    while (from->heap.count > 0) {
        struct heap_entry last = from->heap.entries[from->heap.count - 1];
        heap_remove(&from->heap, last.node);
        insert(to, LIST_OBJECT(last.node, struct timer, node), last.key);
    }
    note_earliest(from);
    note_earliest(to);
    goc__unlock(&to->lock);
    goc__unlock(&from->lock);
}

/* The first of WHEN, WHEN + PERIOD, … that comes after NOW: what was missed is left out. */
static int64_t next_round(int64_t when, int64_t period, int64_t now)
{
    int64_t next;
    int64_t rounds = 1 + (now - when) / period;
    if (__builtin_mul_overflow(rounds, period, &next) ||
        __builtin_add_overflow(when, next, &next))
        return TIMER_NEVER - 1;
    return next;
}

/* The first of TIMERS that is due at NOW, or NULL.  Under the lock. */
static struct heap_entry *first_due(struct timers *timers, int64_t now)
{
    struct heap *heap = &timers->heap;
    for (;;) {
        int64_t limit = goc__wheel_start(&timers->wheel);
        if (heap->count > 0 && heap->entries[0].key < limit)
            return heap->entries[0].key <= now ? &heap->entries[0] : NULL;
        if (limit > now)
            return NULL;
        open_bucket(timers);
    }
}

/* Fire at most LIMIT that are due; returns how many fired. */
static uint32_t run(struct timers *timers, int64_t now, uint32_t limit)
{
    uint32_t fired = 0;
    goc__lock(&timers->lock);
    const struct heap_entry *due;
    while (fired < limit && (due = first_due(timers, now)) != NULL) {
        struct timer *timer = LIST_OBJECT(due->node, struct timer, node);
        int64_t when = due->key;
        heap_remove(&timers->heap, &timer->node);
        if (timer->period > 0)
            heap_insert(&timers->heap, next_round(when, timer->period, now),
                        &timer->node);
        if (timer->waiter != NULL)
            fetch_stack(timer->waiter);
        timer->fire(timer, now);
        fired++;
    }
    note_earliest(timers);
    goc__unlock(&timers->lock);
    return fired;
}

void goc__timers_run(struct timers *timers, int64_t now)
{
    run(timers, now, UINT32_MAX);
}

bool goc__timers_run_some(struct timers *timers, int64_t now, const struct p *p)
{
    uint32_t length = goc__runq_length(p);
    return run(timers, now, length < FIRED_MOST ? FIRED_MOST - length : 1) > 0;
}
