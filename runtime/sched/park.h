/* The one door to waiting: every blocking operation of the runtime parks through here, and
 * every wake-up is a ready.  The shape is Go's gopark/goready.
 *
 * A waiter is a goroutine or a plain thread; struct g stands for both.  A plain thread's g
 * has no stack of ours and sleeps on a futex.  What is above sched never tells them apart.
 *
 * Protocol
 *   The waiter publishes itself (a queue under a lock), then parks with an unlock function.
 *   UNLOCK runs after the waiter is off its stack, so a waker that finds the waiter
 *   in the queue may ready it at once, on any thread.  UNLOCK returning false cancels the
 *   park: the waiter goes on at once.
 *   Exactly one ready answers each park.  So a waiter that parks without an UNLOCK
 *   is in no queue: it waits for ever.
 *   UNLOCK runs on another stack and must not park; it may ready others.
 *
 * After goc__park returns the caller may be on another OS thread: no errno, no address of
 * a thread-local may live across it.
 */
#ifndef GOC_SCHED_PARK_H
#define GOC_SCHED_PARK_H

#include <stdbool.h>
#include <stdint.h>

struct g;

/* Why a goroutine waits; dumps print Go's words for it (sched/park.c holds the table). */
enum wait_reason {
    WAIT_NONE,
    WAIT_CHAN_RECV,     /* "chan receive" */
    WAIT_CHAN_SEND,     /* "chan send" */
    WAIT_CHAN_RECV_NIL, /* "chan receive (nil chan)" */
    WAIT_CHAN_SEND_NIL, /* "chan send (nil chan)" */
    WAIT_SELECT,        /* "select" */
    WAIT_SELECT_NONE,   /* "select (no cases)" */
    WAIT_SLEEP,         /* "sleep" */
    WAIT_SEMACQUIRE,    /* "semacquire" */
    WAIT_MUTEX,         /* "sync.Mutex.Lock" */
    WAIT_RWMUTEX_R,     /* "sync.RWMutex.RLock" */
    WAIT_RWMUTEX_W,     /* "sync.RWMutex.Lock" */
    WAIT_COND,          /* "sync.Cond.Wait" */
    WAIT_WAITGROUP,     /* "sync.WaitGroup.Wait" */
    WAIT_IO,            /* "IO wait" */
    WAIT_STEP,          /* "event loop" */
    WAIT_SYNCTEST_RUN,  /* "synctest.Run" */
    WAIT_SYNCTEST_WAIT, /* "synctest.Wait" */
    WAIT_REASONS,
    WAIT_DURABLE =
        64, /* added by members of a bubble whom only members wake (bubble.h) */
};

/* Go's words for REASON; the table is there for a debugger. */
extern const char *const goc__wait_table[WAIT_REASONS];
const char *goc__wait_words(enum wait_reason reason);

/* The caller's own g; makes one for a plain thread at its first call.  Never NULL. */
struct g *goc__self(void);

/* Does G stand for a plain thread, or has it one to itself?  Only for what blocks the thread
 * outside the runtime, which an event loop's goroutine (step.h) does not. */
bool goc__is_thread(const struct g *g);

/* Wait until somebody readies the caller.
 * UNLOCK    called with LOCK once the caller may be readied; NULL: nothing to unlock.
 * OBJECT    what it waits on, for dumps: the channel, the mutex; may be NULL.
 * Returns   the word that goc__ready was given. */
uintptr_t goc__park(bool (*unlock)(void *lock), void *lock, enum wait_reason reason,
                    const void *object);

/* Are all Ps busy, and goroutines queued at the caller's, though not so many that the queue is
 * about to overflow?  False for what has no P. */
bool goc__has_company(void);

/* If so, let those run first.  False: it is not so, and nothing was done.
 * Blocks   as goc_yield does. */
bool goc__give_way(void);

/* Make G, which is parked or about to be, run again; its goc__park returns WORD.
 * Never blocks.  Callable from any thread; may be called under a lock of the caller's. */
void goc__ready(struct g *g, uintptr_t word);

#endif
