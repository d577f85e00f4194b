/* Mutex, RWMutex, WaitGroup, Once, Cond: Go's sync, ready to use when zero.
 *
 * None may be copied after its first use, and each may simply be forgotten: there is
 * nothing to destroy.  All park goroutines and block plain threads; a lock belongs to
 * nobody, so another goroutine or thread may unlock it.
 *
 * Misuse ends the program in Go's words, with exit status 2.
 */
#ifndef GOC_SYNC_H
#define GOC_SYNC_H

#include <goc/attributes.h>
#include <goc/time.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct goc_waiter;

/* Mutual exclusion.
 * Blocks    lock may park; trylock (true: locked) and unlock never do.
 * Ordering  for n < m, the n-th unlock is synchronized before the m-th lock returns; a
 *           trylock that succeeds is a lock, one that fails orders nothing.
 * Lifetime  once it has been unlocked, who locks it next may unlock and free it.
 * Fails     "fatal error: sync: unlock of unlocked mutex".
 * Source    Go's sync.Mutex, normal and starvation mode: nobody waits for long. */
typedef struct goc_mutex {
    uint32_t state; /* private */
    uint32_t sema;  /* private */
} goc_mutex;

GOC_KEEPS_FRAME void goc_mutex_lock(goc_mutex *m);
GOC_KEEPS_FRAME bool goc_mutex_trylock(goc_mutex *m);
GOC_KEEPS_FRAME void goc_mutex_unlock(goc_mutex *m);

/* Many readers or one writer.  A writer that waits keeps new readers out, so a reader must
 * not read-lock again: it could wait for the writer that waits for it.
 * Ordering  an unlock is synchronized before any later lock or rlock returns, a runlock
 *           before any later lock returns.
 * Lifetime  may be freed once no call on it is left that has not returned.
 * Fails     "fatal error: sync: RUnlock of unlocked RWMutex", "fatal error: sync: Unlock of
 *           unlocked RWMutex".
 * Source    Go's sync.RWMutex. */
typedef struct goc_rwmutex {
    goc_mutex writer;     /* private */
    uint32_t writer_sema; /* private */
    uint32_t reader_sema; /* private */
    int32_t reader_count; /* private */
    int32_t reader_wait;  /* private */
    uint32_t reader_bias; /* private */
} goc_rwmutex;

GOC_KEEPS_FRAME void goc_rwmutex_lock(goc_rwmutex *m);
GOC_KEEPS_FRAME bool goc_rwmutex_trylock(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc_rwmutex_unlock(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc_rwmutex_rlock(goc_rwmutex *m);
GOC_KEEPS_FRAME bool goc_rwmutex_tryrlock(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc_rwmutex_runlock(goc_rwmutex *m);

/* Wait until as many are done as were added.  Add before the go statement, not inside
 * the goroutine: wait would not know of it.
 * Blocks    wait may park; add and done never do.
 * Ordering  a done is synchronized before the return of any wait that it unblocks.
 * Lifetime  may be freed once the only wait has returned.
 * Fails     "panic: sync: negative WaitGroup counter"; "panic: sync: WaitGroup misuse: Add
 *           called concurrently with Wait"; "panic: sync: WaitGroup is reused before previous
 *           Wait has returned".
 * Source    Go's sync.WaitGroup. */
typedef struct goc_waitgroup {
    uint64_t state;  /* private: counter high, waiters low */
    uint32_t sema;   /* private */
    uint32_t bubble; /* private */
} goc_waitgroup;

GOC_KEEPS_FRAME void goc_waitgroup_add(goc_waitgroup *wg, int delta);
GOC_KEEPS_FRAME void goc_waitgroup_done(goc_waitgroup *wg);
GOC_KEEPS_FRAME void goc_waitgroup_wait(goc_waitgroup *wg);

/* Wait until DEADLINE at most.
 * Returns   0; -ETIMEDOUT: the counter was not zero in time, and nothing is ordered. */
GOC_KEEPS_FRAME int goc_waitgroup_wait_until(goc_waitgroup *wg, goc_time deadline);

/* Call F unless a call on ONCE has completed before; wait for one that is under way.
 * F must not call goc_once_do on the same ONCE: it would wait for itself.  An F that ends its
 * goroutine by goc_exit, or panics, has completed with that: nobody calls it again.
 * Ordering  the return of f() is synchronized before the return of any goc_once_do.
 * Source    Go's sync.Once. */
typedef struct goc_once {
    uint32_t done;   /* private */
    goc_mutex mutex; /* private */
} goc_once;

GOC_KEEPS_FRAME void goc_once_do(goc_once *once, void (*f)(void));

/* Wait, under a mutex, for a change that others make under it.
 * Wait lets go of the mutex, waits, and locks it again: in a loop around the condition.
 * Signal wakes the one that has waited longest, broadcast all; the mutex may be held.
 * Ordering  a signal or broadcast is synchronized before the return of any wait that it
 *           unblocks.
 * Fails     "panic: sync.Cond is copied", on the copy of one that was in use.
 * Source    Go's sync.Cond. */
typedef struct goc_cond {
    goc_mutex *mutex;        /* the caller's; held around wait */
    struct goc_waiter *head; /* private */
    struct goc_waiter *tail; /* private */
    uintptr_t self;          /* private */
    uint32_t lock;           /* private */
} goc_cond;

#define GOC_COND_INIT(mutex_pointer) {(mutex_pointer), 0, 0, 0, 0}

GOC_KEEPS_FRAME void goc_cond_wait(goc_cond *c);

/* Wait until DEADLINE at most.  The mutex is locked again in any case.
 * Returns   0: signalled; -ETIMEDOUT: the time was up first. */
GOC_KEEPS_FRAME int goc_cond_wait_until(goc_cond *c, goc_time deadline);

GOC_KEEPS_FRAME void goc_cond_signal(goc_cond *c);
GOC_KEEPS_FRAME void goc_cond_broadcast(goc_cond *c);

/* Not under goc-cc's -race, where reports name the line of the call. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__GOC_RACE__) &&              \
    !defined(GOC_CALLS)
#include <goc/sync_inline.h>
#endif

#ifdef __cplusplus
}
#endif
#endif
