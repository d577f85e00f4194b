/* The seam to what makes goroutines runnable from outside: the netpoller of io.
 *
 * No thread is kept for it.  An M that is about to sleep while goroutines wait for descriptors
 * sleeps in the poller instead of on its futex (idle.c); while Ms are busy, their looks around
 * ask the poller without waiting; and when even those do not come, the monitor asks.
 *
 * At most one asks at a time.  An M that sleeps in the poller is not among the idle Ms:
 * nothing but an event or its time wakes it, and whoever needs an M takes another.
 */
#ifndef GOC_SCHED_POLLER_H
#define GOC_SCHED_POLLER_H

#include "base/atomic.h"

#include <stdbool.h>
#include <stdint.h>

struct poller {
    /* Wait for events until TIME (0: do not wait).  True: there are some, to be delivered.  In the
     * runtime, outside of locks. */
    bool (*wait)(int64_t time);
    /* Ready who waits for those events. */
    void (*deliver)(void);
    /* A descriptor that is readable while there are some. */
    int (*descriptor)(void);
    /* See to what goroutines left at the P of this number to be done in one go.  In the runtime,
     * outside of locks; the caller need not hold that P. */
    void (*flush)(uint32_t p);
};

/* From now on there is POLLER; called before the first goroutine waits for it, any number of
 * times with the same. */
void goc__poller_set(const struct poller *poller);

extern uint32_t goc__poller_waiting; // atomic: goroutines parked until an event comes

/* BY more goroutines wait, or fewer.  A goroutine counts itself, from before its park to after.
 * Release: who sees it counted sees the poller, too. */
static inline void goc__poller_count(int by)
{
    fetch_add_release(&goc__poller_waiting, (uint32_t)by);
}

/* Is there anything to ask for? */
static inline bool goc__poller_wanted(void)
{
    return load_acquire(&goc__poller_waiting) > 0;
}

/* Ask without waiting, unless somebody else does so or sleeps in the poller.  True: goroutines
 * have been readied, to the caller's P if it has one. */
bool goc__poller_look(int64_t now);

/* The same also where nobody waits: then the descriptor is not readable any more. */
void goc__poller_empty(int64_t now);

/* The poller's descriptor; negative: there is none yet. */
int goc__poller_descriptor(void);

/* As a look, unless the last one was less than LATE before NOW. */
bool goc__poller_look_if_late(int64_t now, int64_t late);

/* The caller looks around for P's sake: what is to be done for events in one go is done now. */
void goc__poller_flush(uint32_t p);

/* Nobody sleeps in the poller although somebody should: a guess. */
bool goc__poller_lacks(void);

/* The caller may sleep in the poller, and must release it.  False: nothing to ask for, or
 * somebody else sleeps there.  Outside of locks. */
bool goc__poller_claim(void);
void goc__poller_release(void);

/* For who has claimed it.  True: there are events, to be delivered before the release. */
bool goc__poller_sleep(int64_t until);
void goc__poller_deliver(void);

#endif
