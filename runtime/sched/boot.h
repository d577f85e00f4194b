/* Start order.
 *
 *   1  goc__boot, from a constructor before the program's own: knobs, GOMAXPROCS, the first M with
 *      the first P, and the running thread as goroutine 1.  Starts nothing, so that a
 *      program that forks before its first goroutine sees no difference.  In a shared library with
 *      a runtime of its own (os/library.h) no thread becomes goroutine 1: all are plain ones.
 *   2  goc__boot_start, at the first goroutine or the first wait: stacks, the other Ps, signal
 *      handlers, the monitor's thread.
 *   3  An M's thread, whenever a P has work and no M sleeps.
 *
 * Nothing is torn down: the process ends when main returns, whatever else still runs.
 */
#ifndef GOC_SCHED_BOOT_H
#define GOC_SCHED_BOOT_H

#include "sched/gmp.h"

void goc__boot(void);

extern uint32_t
    goc__boot_phase; // atomic: written by boot.c; 2 once goc__boot_start is done
enum { BOOT_STARTED = 2 };

static inline bool goc__boot_started(void)
{
    return load_acquire(&goc__boot_phase) == BOOT_STARTED;
}

/* In the runtime; any thread, any number of times. */
void goc__boot_start(void);

/* Give M's scheduler a stack: only the first M, which runs on the process's own, lacks one. */
void goc__boot_scheduler_stack(struct m *m);

/* Where M's scheduler goes on. */
static inline const struct context *goc__boot_scheduler(struct m *m)
{
    if (UNLIKELY(m->scheduler.sp == NULL))
        goc__boot_scheduler_stack(m);
    return &m->scheduler;
}

/* A new M, counted and listed, which the caller gives a P and then a thread.  Under the
 * scheduler's lock. */
struct m *goc__boot_new_m(void);

/* Is M the one of the process's first thread? */
bool goc__boot_is_first(const struct m *m);

/* Has that one's scheduler a stack of its own already? */
bool goc__boot_first_has_scheduler(void);

void goc__boot_start_m(struct m *m);

/* As the affinity mask said at start. */
int goc__boot_cpus(void);

/* Goroutine 1; by name for a debugger. */
extern struct g goc__main_g;
struct g *goc__boot_main(void);

/* Defined by debug/start.c, for the boot: read what the environment says of dumps. */
void goc__debug_start(void);

/* Defined by debug/signals.c: install the handlers that report a stack overflow and dump on
 * SIGQUIT; and give the calling thread, of M, the stack that they run on. */
void goc__signals_start(void);
void goc__signals_thread(struct m *m);

/* Defined there too, for the monitor: has a dump been asked for?  Then print it and end. */
void goc__signals_poll(void);

#endif
