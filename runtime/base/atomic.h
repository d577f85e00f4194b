/* Every atomic access and fence of the runtime, its order in its name.
 *
 * The operations take a pointer to a plain object of 1, 2, 4 or 8 bytes (integers and
 * pointers), so that public structs need no _Atomic; a field reached through here says
 * "atomic" and its partners on its line.
 *
 *   load_ORDER(p)                  relaxed, acquire, seq_cst
 *   store_ORDER(p, v)              relaxed, release, seq_cst
 *   exchange_ORDER(p, v)           relaxed, acquire, release, acq_rel, seq_cst   the old
 * value fetch_{add,sub,or,and}_ORDER   relaxed, acquire, release, acq_rel, seq_cst   the
 * old value cas_ORDER(p, expected, v)      relaxed, acquire, release, acq_rel, seq_cst
 * bool; EXPECTED points to the value that must be there and receives the one that was; a
 * failing cas is an acquire load, for cas_release and cas_relaxed a relaxed one.  Never
 * fails spuriously. fence_acquire, fence_release, fence_seq_cst compiler_barrier() orders
 * this thread against its own signal handlers, and against another thread that uses
 * os/membarrier.h cpu_relax()                    inside a loop that waits for another CPU
 *
 * Seam for the model scheduler: tests/model has a file of this name and these operations, which
 * comes first on its include path.  The runtime has no other atomics.
 */
#ifndef GOC_BASE_ATOMIC_H
#define GOC_BASE_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define load_relaxed(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define load_seq_cst(p) __atomic_load_n((p), __ATOMIC_SEQ_CST)

#define store_relaxed(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define store_seq_cst(p, v) __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)

#define ATOMIC_RMW(op, p, v, order) __atomic_##op((p), (v), __ATOMIC_##order)

#define exchange_relaxed(p, v) ATOMIC_RMW(exchange_n, p, v, RELAXED)
#define exchange_acquire(p, v) ATOMIC_RMW(exchange_n, p, v, ACQUIRE)
#define exchange_release(p, v) ATOMIC_RMW(exchange_n, p, v, RELEASE)
#define exchange_acq_rel(p, v) ATOMIC_RMW(exchange_n, p, v, ACQ_REL)
#define exchange_seq_cst(p, v) ATOMIC_RMW(exchange_n, p, v, SEQ_CST)

#define fetch_add_relaxed(p, v) ATOMIC_RMW(fetch_add, p, v, RELAXED)
#define fetch_add_acquire(p, v) ATOMIC_RMW(fetch_add, p, v, ACQUIRE)
#define fetch_add_release(p, v) ATOMIC_RMW(fetch_add, p, v, RELEASE)
#define fetch_add_acq_rel(p, v) ATOMIC_RMW(fetch_add, p, v, ACQ_REL)
#define fetch_add_seq_cst(p, v) ATOMIC_RMW(fetch_add, p, v, SEQ_CST)

#define fetch_sub_relaxed(p, v) ATOMIC_RMW(fetch_sub, p, v, RELAXED)
#define fetch_sub_acquire(p, v) ATOMIC_RMW(fetch_sub, p, v, ACQUIRE)
#define fetch_sub_release(p, v) ATOMIC_RMW(fetch_sub, p, v, RELEASE)
#define fetch_sub_acq_rel(p, v) ATOMIC_RMW(fetch_sub, p, v, ACQ_REL)
#define fetch_sub_seq_cst(p, v) ATOMIC_RMW(fetch_sub, p, v, SEQ_CST)

#define fetch_or_relaxed(p, v) ATOMIC_RMW(fetch_or, p, v, RELAXED)
#define fetch_or_acquire(p, v) ATOMIC_RMW(fetch_or, p, v, ACQUIRE)
#define fetch_or_release(p, v) ATOMIC_RMW(fetch_or, p, v, RELEASE)
#define fetch_or_acq_rel(p, v) ATOMIC_RMW(fetch_or, p, v, ACQ_REL)
#define fetch_or_seq_cst(p, v) ATOMIC_RMW(fetch_or, p, v, SEQ_CST)

#define fetch_and_relaxed(p, v) ATOMIC_RMW(fetch_and, p, v, RELAXED)
#define fetch_and_acquire(p, v) ATOMIC_RMW(fetch_and, p, v, ACQUIRE)
#define fetch_and_release(p, v) ATOMIC_RMW(fetch_and, p, v, RELEASE)
#define fetch_and_acq_rel(p, v) ATOMIC_RMW(fetch_and, p, v, ACQ_REL)
#define fetch_and_seq_cst(p, v) ATOMIC_RMW(fetch_and, p, v, SEQ_CST)

#define ATOMIC_CAS(p, expected, v, success, failure)                                     \
    __atomic_compare_exchange_n((p), (expected), (v), false, __ATOMIC_##success,         \
                                __ATOMIC_##failure)

#define cas_relaxed(p, expected, v) ATOMIC_CAS(p, expected, v, RELAXED, RELAXED)
#define cas_acquire(p, expected, v) ATOMIC_CAS(p, expected, v, ACQUIRE, ACQUIRE)
#define cas_release(p, expected, v) ATOMIC_CAS(p, expected, v, RELEASE, RELAXED)
#define cas_acq_rel(p, expected, v) ATOMIC_CAS(p, expected, v, ACQ_REL, ACQUIRE)
#define cas_seq_cst(p, expected, v) ATOMIC_CAS(p, expected, v, SEQ_CST, SEQ_CST)

#define fence_acquire() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define fence_release() __atomic_thread_fence(__ATOMIC_RELEASE)
#define fence_seq_cst() __atomic_thread_fence(__ATOMIC_SEQ_CST)

#define compiler_barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)

/* Order without an atomic: what a thread does in turn for the goroutines that it runs.  Nothing
 * says so but the program's order, which is the thread's own; a tool that takes each goroutine
 * for a thread of its own has to be told.  tests/views is one, and defines them; elsewhere
 * they are nothing.
 *
 *   turn_given(g)       what the caller did so far, G sees once it goes on; or, where the caller
 *                       is G and about to leave its stack, the thread's scheduler
 *   turn_taken(g)       G goes on
 *   scheduler_begins(g) what follows is done by the thread that G has left, and not by the
 *   scheduler_ends()    goroutine on whose stack it happens to be done */
#ifdef GOC_FIBER_VIEW
void turn_given(const void *g);
void turn_taken(const void *g);
void scheduler_begins(const void *g);
void scheduler_ends(void);
#else
#define turn_given(g) ((void)0)
#define turn_taken(g) ((void)0)
#define scheduler_begins(g) ((void)0)
#define scheduler_ends() ((void)0)
#endif

static inline void cpu_relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

#endif
