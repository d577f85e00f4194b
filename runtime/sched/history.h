/* What happens to goroutines, kept in a ring for each thread while GOC_TRACE asks for it.
 *
 * Off, each place that tells something is a no-operation (os/toggle.h).  On, it takes the time
 * and writes one record into the calling M's own ring: no lock, no allocation but the ring's
 * at an M's first record.  A full ring loses its oldest.
 *
 * Invariants
 *   A ring is written by its M's thread alone, read once all have stopped.
 *   Its records are in the order of their times, for the clock is the same for all threads
 *   and never steps back.
 *   Nobody writes after goc__history_stop.  Asymmetric to it as Dekker has it:
 *     write:  busy = 1   then reads stopped       stop:  stopped = 1   then waits for busy = 0, of
 *                                                              each ring that it finds
 */
#ifndef GOC_SCHED_HISTORY_H
#define GOC_SCHED_HISTORY_H

#include "os/toggle.h"

#include <stdbool.h>
#include <stdint.h>

struct g;
struct m;
struct p;

enum happening {
    HAPPENS_SPAWN,   /* by OTHER; ENTRY and PC are its own */
    HAPPENS_RUN,     /* on P, or HISTORY_NO_P */
    HAPPENS_WAIT,    /* for REASON, on OBJECT */
    HAPPENS_YIELD,   /* may run again at once */
    HAPPENS_END,     /* is no more */
    HAPPENS_READY,   /* by OTHER, 0: a timer */
    HAPPENS_OUTSIDE, /* its P went to somebody else: its thread sleeps in the kernel */
    HAPPENS_HOG,     /* its P went to somebody else: it goes on as one more thread */
};

struct record {
    int64_t time;    /* goc__clock_now's */
    uint64_t strand; /* whom it concerns: a goroutine's id, or HISTORY_THREAD and a tid */
    uint64_t other;
    const void *object; /* OBJECT, or ENTRY */
    const void *pc;
    uint32_t p; /* its number */
    uint8_t happening;
    uint8_t reason; /* enum wait_reason */
};

/* The callee saves the registers: what merely might call pays nothing for it. */
#if defined(__has_attribute) && __has_attribute(__preserve_most__)
#define HISTORY_CALL __attribute__((__cold__, __preserve_most__))
#else
#define HISTORY_CALL __attribute__((__cold__))
#endif

/* The P of who runs without one: a goroutine locked to its thread. */
#define HISTORY_NO_P UINT32_MAX

/* Marks the number of a plain thread. */
#define HISTORY_THREAD (UINT64_C(1) << 63)

/* Keep a history from now on, the last RECORDS of each thread.  At the boot.  Returns 0 or a
 * negative errno. */
int goc__history_start(uint32_t records);

/* Nobody writes any more.  Waits for those who do, but not for ever: the process may be
 * dying with its threads anywhere. */
void goc__history_stop(void);

/* The records of all threads by their times, after the stop.  False: there are no more. */
bool goc__history_next(struct record *record);

/* How many records the rings have lost. */
uint64_t goc__history_lost(void);

/* Each is called behind a TOGGLE() and tells what its name says.
 * spawned   by the caller.
 * left      M's goroutine G is about to leave its stack; NEXT, if not NULL, runs now.
 * replaced  G, the caller's, has ended, and goroutine ID begins on its stack.
 * ready     the caller's M, which may run no goroutine, has made G runnable. */
HISTORY_CALL void goc__history_spawned(uint64_t id, void (*entry)(void *),
                                       const void *pc);
HISTORY_CALL void goc__history_runs(struct m *m, const struct g *g);
HISTORY_CALL void goc__history_left(struct m *m, const struct g *g, const struct g *next);
HISTORY_CALL void goc__history_replaced(const struct g *g, uint64_t id);
HISTORY_CALL void goc__history_ready(struct m *m, const struct g *g);
HISTORY_CALL void goc__history_lost_p(struct m *self, const struct g *g, int64_t time,
                                      bool hog);

#endif
