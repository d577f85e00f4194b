#include "sched/timers.h"

#include "base/panic.h"
#include "os/pages.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/sched.h"

#include <string.h>

enum { HEAP_FIRST_BYTES = GOC_PAGE_BYTES };

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
        memcpy(fresh, heap->entries, bytes);
        goc__pages_unmap((char *)heap->entries, bytes);
    }
    heap->entries = (struct heap_entry *)(void *)fresh;
    heap->capacity = (uint32_t)(wanted / sizeof heap->entries[0]);
}

static void note_earliest(struct timers *timers)
{
    int64_t earliest = timers->heap.count > 0 ? timers->heap.entries[0].key : TIMER_NEVER;
    store_relaxed(&timers->earliest, earliest);
}

/* Under the lock of TIMERS. */
static void insert(struct timers *timers, struct timer *timer, int64_t when)
{
    struct heap *heap = &timers->heap;
    if (UNLIKELY(heap->count == heap->capacity))
        grow(heap);
    store_relaxed(&timer->home, timers);
    heap_insert(heap, when, &timer->node);
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
    insert(timers, timer, when);
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
    goc__timers_add(timers, timer, when);
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
        heap_remove(&timers->heap, &timer->node);
        note_earliest(timers);
    }
    goc__unlock(&timers->lock);
    return armed;
}

void goc__timers_move(struct timers *to, struct timers *from)
{
    goc__lock(&from->lock);
    goc__lock(&to->lock);
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

int goc__timers_run(struct timers *timers, int64_t now)
{
    int fired = 0;
    goc__lock(&timers->lock);
    struct heap *heap = &timers->heap;
    while (heap->count > 0 && heap->entries[0].key <= now) {
        struct timer *timer = LIST_OBJECT(heap->entries[0].node, struct timer, node);
        int64_t when = heap->entries[0].key;
        heap_remove(heap, &timer->node);
        if (timer->period > 0)
            heap_insert(heap, next_round(when, timer->period, now), &timer->node);
        timer->fire(timer, now);
        fired++;
    }
    note_earliest(timers);
    goc__unlock(&timers->lock);
    return fired;
}
