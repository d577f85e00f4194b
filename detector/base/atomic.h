/* Every atomic access and fence of the detector, its order in its name.
 *
 * The twin of the runtime's header of the same purpose: the detector includes nothing of
 * the runtime, and what it does must emit no event.  The operations take a pointer to a
 * plain object of 1, 2, 4 or 8 bytes; a field reached through here says "atomic" and its
 * partners on its line.
 *
 *   load_ORDER(p)            relaxed, acquire, seq_cst
 *   store_ORDER(p, v)        relaxed, release, seq_cst
 *   exchange_ORDER(p, v)     acquire, release, seq_cst                 the old value
 *   fetch_{add,sub,and,or}_ORDER(p, v)  relaxed, acq_rel where used    the old value
 *   fetch_{add,sub,and,or,xor,nand}_seq_cst(p, v)                      the old value
 *   cas_ORDER(p, expected, v)  acquire, acq_rel, seq_cst: bool; EXPECTED points to the value
 *                            that must be there and receives the one that was (an acquire
 *                            load).  Never fails spuriously.
 *   fence_acquire, fence_release, fence_seq_cst
 *   compiler_barrier()       orders this thread against its own signal handlers
 *   cpu_relax()              inside a loop that waits for another CPU
 */
#ifndef GOC_DETECTOR_BASE_ATOMIC_H
#define GOC_DETECTOR_BASE_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define load_relaxed(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define load_seq_cst(p) __atomic_load_n((p), __ATOMIC_SEQ_CST)

#define store_relaxed(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define store_seq_cst(p, v) __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)

#define exchange_acquire(p, v) __atomic_exchange_n((p), (v), __ATOMIC_ACQUIRE)
#define exchange_release(p, v) __atomic_exchange_n((p), (v), __ATOMIC_RELEASE)
#define exchange_seq_cst(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)

#define fetch_add_relaxed(p, v) __atomic_fetch_add((p), (v), __ATOMIC_RELAXED)
#define fetch_add_acq_rel(p, v) __atomic_fetch_add((p), (v), __ATOMIC_ACQ_REL)
#define fetch_sub_relaxed(p, v) __atomic_fetch_sub((p), (v), __ATOMIC_RELAXED)
#define fetch_sub_acq_rel(p, v) __atomic_fetch_sub((p), (v), __ATOMIC_ACQ_REL)
#define fetch_and_acq_rel(p, v) __atomic_fetch_and((p), (v), __ATOMIC_ACQ_REL)
#define fetch_or_acq_rel(p, v) __atomic_fetch_or((p), (v), __ATOMIC_ACQ_REL)

#define fetch_add_seq_cst(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define fetch_sub_seq_cst(p, v) __atomic_fetch_sub((p), (v), __ATOMIC_SEQ_CST)
#define fetch_and_seq_cst(p, v) __atomic_fetch_and((p), (v), __ATOMIC_SEQ_CST)
#define fetch_or_seq_cst(p, v) __atomic_fetch_or((p), (v), __ATOMIC_SEQ_CST)
#define fetch_xor_seq_cst(p, v) __atomic_fetch_xor((p), (v), __ATOMIC_SEQ_CST)
#define fetch_nand_seq_cst(p, v) __atomic_fetch_nand((p), (v), __ATOMIC_SEQ_CST)

#define ATOMIC_CAS(p, expected, v, success, failure)                                     \
    __atomic_compare_exchange_n((p), (expected), (v), false, __ATOMIC_##success,         \
                                __ATOMIC_##failure)
#define cas_acquire(p, expected, v) ATOMIC_CAS(p, expected, v, ACQUIRE, ACQUIRE)
#define cas_acq_rel(p, expected, v) ATOMIC_CAS(p, expected, v, ACQ_REL, ACQUIRE)
#define cas_seq_cst(p, expected, v) ATOMIC_CAS(p, expected, v, SEQ_CST, SEQ_CST)

/* 16 bytes at once, by the one instruction that every amd64 has for it (cmpxchg16b, which
 * compilers use for this form with -mcx16): the value that was there.  Sequentially
 * consistent. */
static inline unsigned __int128 cas_wide(unsigned __int128 *p, unsigned __int128 expected,
                                         unsigned __int128 v)
{
    return __sync_val_compare_and_swap(p, expected, v);
}

static inline void fence_acquire(void)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static inline void fence_release(void)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void fence_seq_cst(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void compiler_barrier(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static inline void cpu_relax(void)
{
    __builtin_ia32_pause();
}

#endif
