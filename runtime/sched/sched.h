/* The scheduler: what all its files share, and where to find the rest.
 *
 *   gmp.h       the three structs        claim.{h,c}   entering, leaving, taking a P away
 *   policy.h    who runs next            sched.c       switching, finding work, stealing
 *   runq.{h,c}  the queues               idle.{h,c}    sleeping and waking Ms, deadlock
 *   park.c      park and ready           spawn.{h,c}   birth, end and yield
 *   stack.{h,c} stacks, struct g pool    procs.{h,c}   Ps, goc_maxprocs
 *   timers      heaps, wheels of timers  monitor.{h,c} blocked and greedy threads
 *   poller      events from outside
 *   thread.c    plain threads            boot.{h,c}    start
 *   newborn     spawned, not yet begun   contention    Ps that hinder each other
 *   locked      goc_lock_os_thread
 *   step        a foreign loop's P       bubble        clocks of tests
 *   limit       waits that end early     defer         what goc_exit runs first
 *   small       stacks of who needs little
 *   reach       who that is
 *
 * A scheduling decision runs wherever the last goroutine left off: a goroutine that parks
 * picks its successor from its own P and switches straight to it.  Only when the P has
 * nothing to run, or when a full look around is due (policy.h), does it switch to the M's scheduler
 * stack, which looks everywhere and may sleep.
 *
 * After each switch whoever runs now calls goc__sched_arrive first: it runs what the goroutine
 * that left had to have done once it was off its stack, such as unlocking a channel.
 */
#ifndef GOC_SCHED_SCHED_H
#define GOC_SCHED_SCHED_H

#include "sched/gmp.h"

struct sched {
    struct lock lock;
    struct g *queue_first; /* lock: the global run queue */
    struct g *queue_last;  /* lock */
    struct newborn
        *newborn_first;           /* lock: the global list of those that have not begun */
    struct newborn *newborn_last; /* lock */
    uint32_t newborns;            /* lock: its length, which queued has in it */
    struct list idle_ps;          /* lock */
    struct list idle_ms;          /* lock: last slept is first woken */
    uint32_t idle_m_count;        /* lock */
    uint32_t m_count;     /* lock: Ms that run goroutines, started or being started */
    int64_t keeper_until; /* lock: when the M that keeps the time will wake */
    struct m *keeper;     /* lock: that M, or NULL */
    bool in_poller;       /* lock: an M sleeps in the poller */
    bool main_ended;      /* lock: goroutine 1 has called goc_exit */
    int64_t calm_ns;      /* lock: how long the last calm was to last (contention.h) */

    /* Looked at on every ready; written when a P or an M changes its state. */
    _Alignas(CACHE_PAIR_BYTES) uint32_t idle_p_count; // atomic, written under lock
    uint32_t spinning;                                // atomic: Ms that look for work
    uint32_t queued; // atomic, written under lock: length of the global queue and list
    uint32_t limit;  // atomic: goc_maxprocs()
    uint32_t proc_count;        // atomic, release: Ps that exist, in use or retired
    uint32_t hogs;              // atomic: Ms that use the CPU without a P
    int64_t coarse_now;         // atomic: the clock at the monitor's last look
    int64_t calm_until;         // atomic, written under lock: contention.h
    struct m *ms;               // atomic, written under lock: all Ms, newest first
    struct p *procs[PROCS_MAX]; // atomic: by number; those below proc_count are there
};

extern struct sched goc__sched;

/* Leave goroutine G, the caller's: go on with another one, or with the scheduler.
 * AFTER     runs with ARGUMENT once G is off its stack; NULL: nothing.  When it returns
 *           false G goes on as if it had been readied.
 * Called in the runtime at depth 1, plus the locks that AFTER releases.  Returns when G runs again,
 * perhaps on another M, at depth 1. */
void goc__sched_leave(struct m *m, bool (*after)(void *), void *argument);

/* Let others run before M's goroutine goes on, if there are any; as above. */
void goc__sched_yield(struct m *m);

/* M's goroutine has ended: its stack is free once the switch away from it is done.
 * AT_BASE  nothing of the goroutine is on its stack any more but the caller's frame: another
 *          may begin on it, and if one does, as M's goroutine, this returns.  Else it never
 *          does. */
void goc__sched_end(struct m *m, bool at_base);

/* First thing on every stack after a switch to it. */
void goc__sched_arrive(struct m *m);

/* The scheduler's loop; entered on the scheduler's stack at depth 1. */
__attribute__((__noreturn__)) void goc__sched_loop(void);

/* The calling M lost its P while its goroutine was outside; depth 1.  Take an idle P, or
 * queue the goroutine globally.  Returns the M that the goroutine runs on then. */
struct m *goc__sched_return(struct m *m);

/* Does P have goroutines to run?  From any thread: a guess. */
static inline bool goc__p_has_work(const struct p *p)
{
    return load_relaxed(&p->head) != load_relaxed(&p->tail) ||
           load_relaxed(&p->newborn_count) != 0 || load_relaxed(&p->runnext) != NULL;
}

#endif
