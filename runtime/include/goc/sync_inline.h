/* The uncontended halves of goc/sync.h, which compilers may put in place of the calls.
 *
 * Each does what the function of its name does when nobody is in the way, by one atomic
 * operation, and leaves everything else to the library.  Under a race detector, which has to
 * hear of every operation, goc__events is true and they leave all of it.  They are gnu_inline:
 * where they are not inlined, and in a compiler that does not know the attribute, the
 * library's functions are called.
 *
 * Included by goc/sync.h and by the library; nothing here is for programs to name.
 */
#ifndef GOC_SYNC_INLINE_H
#define GOC_SYNC_INLINE_H

#include <goc/sync.h>

#define GOC_INLINE extern inline __attribute__((__gnu_inline__))
#define GOC_LIKELY(x) __builtin_expect(!!(x), 1)

extern const bool goc__events;         /* in libgoc.a false, in libgoc-race.a true */
extern uint32_t goc__synctest_bubbles; /* how many runs of goc/synctest.h are under way */

/* The rest of a lock, unlock, … that the fast path has not done: nothing yet for the first two,
 * the counting for the others, which get what it came to. */
GOC_KEEPS_FRAME void goc__mutex_lock_rest(goc_mutex *m);
GOC_KEEPS_FRAME void goc__mutex_unlock_rest(goc_mutex *m);
GOC_KEEPS_FRAME void goc__rwmutex_rlock_rest(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc__rwmutex_runlock_rest(goc_rwmutex *m, int32_t count);
GOC_KEEPS_FRAME void goc__waitgroup_add_rest(goc_waitgroup *wg, int delta,
                                             uint64_t state);
/* The functions themselves, by names that no inline one has. */
GOC_KEEPS_FRAME void goc__rwmutex_rlock_call(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc__rwmutex_runlock_call(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc__waitgroup_add_call(goc_waitgroup *wg, int delta);
GOC_KEEPS_FRAME void goc__once_do_call(goc_once *once, void (*f)(void));

#ifndef GOC_CALLS
/* 0 is unlocked, 1 locked by somebody, for whom nobody waits (sync/mutex.c).  The look before
 * the exchange saves one that would fail, as long as somebody waits. */
GOC_INLINE void goc_mutex_lock(goc_mutex *m)
{
    uint32_t seen = __atomic_load_n(&m->state, __ATOMIC_RELAXED);
    if (!GOC_LIKELY(seen == 0 && !goc__events &&
                    __atomic_compare_exchange_n(&m->state, &seen, 1, 0, __ATOMIC_ACQUIRE,
                                                __ATOMIC_RELAXED)))
        goc__mutex_lock_rest(m);
}

GOC_INLINE void goc_mutex_unlock(goc_mutex *m)
{
    uint32_t seen = __atomic_load_n(&m->state, __ATOMIC_RELAXED);
    if (!GOC_LIKELY(seen == 1 && !goc__events &&
                    __atomic_compare_exchange_n(&m->state, &seen, 0, 0, __ATOMIC_RELEASE,
                                                __ATOMIC_RELAXED)))
        goc__mutex_unlock_rest(m);
}

/* Not negative: no writer is there or waits (sync/rwmutex.c). */
GOC_INLINE void goc_rwmutex_rlock(goc_rwmutex *m)
{
    if (goc__events)
        goc__rwmutex_rlock_call(m);
    else if (!GOC_LIKELY(__atomic_fetch_add(&m->reader_count, 1, __ATOMIC_ACQUIRE) >= 0))
        goc__rwmutex_rlock_rest(m);
}

GOC_INLINE void goc_rwmutex_runlock(goc_rwmutex *m)
{
    int32_t count;
    if (goc__events)
        goc__rwmutex_runlock_call(m);
    else if (!GOC_LIKELY((count = __atomic_sub_fetch(&m->reader_count, 1,
                                                     __ATOMIC_RELEASE)) >= 0))
        goc__rwmutex_runlock_rest(m, count);
}

/* The counter is in the high half, how many wait in the low one: nobody waits, and the counter
 * is not negative; nor may it be the first add of a bubble (sync/waitgroup.c). */
GOC_INLINE void goc_waitgroup_add(goc_waitgroup *wg, int delta)
{
    if (goc__events ||
        (delta > 0 &&
         !GOC_LIKELY(__atomic_load_n(&goc__synctest_bubbles, __ATOMIC_RELAXED) == 0))) {
        goc__waitgroup_add_call(wg, delta);
    } else {
        uint64_t change = (uint64_t)(uint32_t)delta << 32;
        uint64_t state = __atomic_add_fetch(&wg->state, change, __ATOMIC_ACQ_REL);
        if (!GOC_LIKELY((uint32_t)state == 0 && (int64_t)state >= 0))
            goc__waitgroup_add_rest(wg, delta, state);
    }
}

GOC_INLINE void goc_waitgroup_done(goc_waitgroup *wg)
{
    goc_waitgroup_add(wg, -1);
}

/* 1 is done, for those without a detector; with one it is another value (sync/once.c). */
GOC_INLINE void goc_once_do(goc_once *once, void (*f)(void))
{
    if (!GOC_LIKELY(__atomic_load_n(&once->done, __ATOMIC_ACQUIRE) == 1))
        goc__once_do_call(once, f);
}

#endif
#undef GOC_INLINE
#undef GOC_LIKELY

#endif
