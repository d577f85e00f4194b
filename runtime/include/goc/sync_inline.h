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

#include <goc/inline.h>
#include <goc/sync.h>
#include <stddef.h>

#define GOC_INLINE extern inline __attribute__((__gnu_inline__))
#define GOC_HELPER extern inline __attribute__((__gnu_inline__, __always_inline__))
#define GOC_LIKELY(x) __builtin_expect(!!(x), 1)

extern uint32_t goc__synctest_bubbles; /* how many runs of goc/synctest.h are under way */

/* A lock's reservation for one thread: sync/bias.h has the rules.  A word of a lock in which
 * GOC__BIASED is set names a slot, by its distance from the first. */
#define GOC__BIASED (UINT32_C(1) << 31)

struct goc__bias_slot {
    const void *owner;  /* const once a lock names the slot: its thread's M */
    void *bias;         /* const likewise: the owner's struct bias */
    const void *object; /* atomic: the lock, NULL: none; written under the bias lock */
    uint32_t held;      /* atomic: owner writes, revokers read */
    uint32_t seen;      /* atomic, relaxed: what the revoker saw of held */
};

extern char *goc__bias_slots; /* atomic: NULL, then all slots; published with each word */
/* How many more common locks before the thread is to think of a bias; negative: now.  A compiler
 * may keep its address while the goroutine changes threads: then it counts for another thread. */
extern __thread int32_t goc__bias_left __attribute__((__tls_model__("initial-exec")));

/* The rest of a lock, unlock, … that the fast path has not done: nothing yet for the first two,
 * the counting for the others, which get what it came to. */
GOC_KEEPS_FRAME void goc__mutex_lock_rest(goc_mutex *m);
GOC_KEEPS_FRAME void goc__mutex_unlock_rest(goc_mutex *m);
GOC_KEEPS_FRAME void goc__rwmutex_rlock_rest(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc__rwmutex_runlock_rest(goc_rwmutex *m, int32_t count);
/* The caller has M by common means, and it is time to think of a bias. */
void goc__rwmutex_read_often(goc_rwmutex *m);
/* Where SLOT was taken from its lock meanwhile: does the change to HELD count? */
bool goc__bias_counts(struct goc__bias_slot *slot, uint32_t held);
GOC_KEEPS_FRAME void goc__waitgroup_add_rest(goc_waitgroup *wg, int delta,
                                             uint64_t state);
/* The functions themselves, by names that no inline one has. */
GOC_KEEPS_FRAME void goc__rwmutex_rlock_call(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc__rwmutex_runlock_call(goc_rwmutex *m);
GOC_KEEPS_FRAME void goc__waitgroup_add_call(goc_waitgroup *wg, int delta);
GOC_KEEPS_FRAME void goc__once_do_call(goc_once *once, void (*f)(void));

#ifndef GOC_CALLS
/* May the thread take a common lock without a thought of a bias? */
GOC_HELPER bool goc__bias_can_wait(void)
{
    int32_t left = __atomic_load_n(&goc__bias_left, __ATOMIC_RELAXED) - 1;
    __atomic_store_n(&goc__bias_left, left, __ATOMIC_RELAXED);
    return left >= 0;
}

/* The slot by which the calling thread has a bias for OBJECT, whose word is WORD; else NULL.  The
 * thread's M is read anew each time, see os/local.h. */
GOC_HELPER struct goc__bias_slot *goc__bias_of(const void *object, uint32_t word)
{
#ifdef __x86_64__
    if (GOC_LIKELY(word & GOC__BIASED)) {
        char *slots = __atomic_load_n(&goc__bias_slots, __ATOMIC_RELAXED);
        struct goc__bias_slot *slot =
            GOC__POINTER(struct goc__bias_slot, slots + (word & ~GOC__BIASED));
        const void *self;
        __asm__ volatile("movq goc__m_local@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0"
                         : "=r"(self));
        if (GOC_LIKELY(slot->owner == self &&
                       __atomic_load_n(&slot->object, __ATOMIC_RELAXED) == object))
            return slot;
    }
#else
    (void)object;
    (void)word;
#endif
    return NULL;
}

/* OBJECT is now HELD times.  False: not so, the bias is gone, and what was had by it is had by
 * common means. */
GOC_HELPER bool goc__bias_change(struct goc__bias_slot *slot, const void *object,
                                 uint32_t held)
{
    __atomic_store_n(&slot->held, held, __ATOMIC_RELEASE);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return GOC_LIKELY(__atomic_load_n(&slot->object, __ATOMIC_ACQUIRE) == object) ||
           goc__bias_counts(slot, held);
}

/* First the bias, because two jumps more are nothing beside the locked instruction of the common
 * way.  The low bits say whether it is locked, whether a waiter is awake, and whether one starves
 * (sync/mutex.c).  Unlocked and nobody starves: who comes may have it, whoever waits.  Locked
 * and nobody starves: where one is awake already, or nobody waits, unlock need not wake any. */
GOC_INLINE void goc_mutex_lock(goc_mutex *m)
{
    uint32_t seen = __atomic_load_n(&m->state, __ATOMIC_ACQUIRE);
    struct goc__bias_slot *slot = goc__bias_of(m, seen);
    if (GOC_LIKELY(slot != NULL)) {
        if (GOC_LIKELY(__atomic_load_n(&slot->held, __ATOMIC_RELAXED) == 0 &&
                       goc__bias_change(slot, m, 1)))
            return;
    } else if (GOC_LIKELY((seen & (GOC__BIASED | 5)) == 0 && !goc__events &&
                          goc__bias_can_wait() &&
                          __atomic_compare_exchange_n(&m->state, &seen, seen | 1, 0,
                                                      __ATOMIC_ACQUIRE,
                                                      __ATOMIC_RELAXED))) {
        return;
    }
    goc__mutex_lock_rest(m);
}

GOC_INLINE void goc_mutex_unlock(goc_mutex *m)
{
    uint32_t seen = __atomic_load_n(&m->state, __ATOMIC_ACQUIRE);
    struct goc__bias_slot *slot = goc__bias_of(m, seen);
    if (GOC_LIKELY(slot != NULL)) {
        if (GOC_LIKELY(__atomic_load_n(&slot->held, __ATOMIC_RELAXED) == 1 &&
                       goc__bias_change(slot, m, 0)))
            return;
    } else if (GOC_LIKELY(
                   (seen == 1 || (seen & (GOC__BIASED | 7)) == 3) && !goc__events &&
                   __atomic_compare_exchange_n(&m->state, &seen, seen - 1, 0,
                                               __ATOMIC_RELEASE, __ATOMIC_RELAXED))) {
        return;
    }
    goc__mutex_unlock_rest(m);
}

/* As above.  No bias is there, and not negative: no writer is there or waits (sync/rwmutex.c). */
GOC_INLINE void goc_rwmutex_rlock(goc_rwmutex *m)
{
    uint32_t word = __atomic_load_n(&m->reader_bias, __ATOMIC_ACQUIRE);
    struct goc__bias_slot *slot = goc__bias_of(m, word);
    if (GOC_LIKELY(slot != NULL)) {
        if (GOC_LIKELY(goc__bias_change(
                slot, m, __atomic_load_n(&slot->held, __ATOMIC_RELAXED) + 1)))
            return;
        goc__rwmutex_rlock_call(m);
    } else if (GOC_LIKELY(word == 0 && !goc__events)) {
        if (!GOC_LIKELY(__atomic_fetch_add(&m->reader_count, 1, __ATOMIC_ACQUIRE) >= 0))
            goc__rwmutex_rlock_rest(m);
    } else {
        goc__rwmutex_rlock_call(m);
    }
    if (!GOC_LIKELY(goc__events || goc__bias_can_wait()))
        goc__rwmutex_read_often(m);
}

GOC_INLINE void goc_rwmutex_runlock(goc_rwmutex *m)
{
    uint32_t word = __atomic_load_n(&m->reader_bias, __ATOMIC_ACQUIRE);
    struct goc__bias_slot *slot = goc__bias_of(m, word);
    if (GOC_LIKELY(slot != NULL)) {
        uint32_t held = __atomic_load_n(&slot->held, __ATOMIC_RELAXED);
        if (GOC_LIKELY(held > 0 && goc__bias_change(slot, m, held - 1)))
            return;
        goc__rwmutex_runlock_call(m);
    } else if (GOC_LIKELY(word == 0 && !goc__events)) {
        int32_t count = __atomic_sub_fetch(&m->reader_count, 1, __ATOMIC_RELEASE);
        if (!GOC_LIKELY(count >= 0))
            goc__rwmutex_runlock_rest(m, count);
    } else {
        goc__rwmutex_runlock_call(m);
    }
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
        uint64_t change = GOC__AS(uint64_t, GOC__AS(uint32_t, delta)) << 32;
        uint64_t state = __atomic_add_fetch(&wg->state, change, __ATOMIC_ACQ_REL);
        if (!GOC_LIKELY(GOC__AS(uint32_t, state) == 0 && GOC__AS(int64_t, state) >= 0))
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
#undef GOC_HELPER
#undef GOC_LIKELY

#endif
