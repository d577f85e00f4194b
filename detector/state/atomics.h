/* C11 atomics and fences: which views their operations take and leave.
 *
 * By C17 7.17.3 and 7.17.4 and the happens-before of 5.1.2.4:
 *   relaxed      orders nothing by itself;
 *   release      a store, or the writing half of a read-modify-write, heads a release
 *                sequence with the strand's view; an acquire that reads a value of the
 *                sequence takes that view;
 *   fences       a release fence keeps the strand's view for its later relaxed stores,
 *                which head sequences with it; an acquire fence takes what earlier relaxed
 *                loads have read;
 *   consume      is acquire, as compilers have it;
 *   seq_cst      adds a total order, which is no happens-before: acquire and release.
 *
 * The caller holds the lock of ADDR's line from before the operation is performed until
 * after the call, so "the value" is the one that the machine read or wrote.  Operations of
 * other sizes on some of the same bytes read and end each other's sequences where they lie
 * in one line, as naturally aligned ones do.
 */
#ifndef GOC_STATE_ATOMICS_H
#define GOC_STATE_ATOMICS_H

#include "state/strand.h"
#include "state/sync.h"

/* C's memory orders by their numbers, which the ABI of compilers fixes. */
static inline bool race__atomics_acquires(int order)
{
    return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE;
}

static inline bool race__atomics_releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST;
}

/* The reading half of an operation, and all of a load.  Before the operation's own mark:
 * what is acquired is ordered before it. */
void race__atomics_read(goc_strand *strand, uintptr_t addr, uint32_t size, bool acquire);
/* A store, or the writing half of a read-modify-write.  After the operation's own mark,
 * which is ordered before whatever acquires. */
void race__atomics_store(goc_strand *strand, uintptr_t addr, uint32_t size, bool release);
void race__atomics_modify(goc_strand *strand, uintptr_t addr, uint32_t size,
                          bool release);
/* What a load that acquires takes of phases, where they are on.  The reading half of a
 * read-modify-write takes nothing of them: see state/phase.h. */
void race__atomics_load_phase(goc_strand *strand, uintptr_t addr);
/* No line is locked. */
void race__atomics_fence(goc_strand *strand, bool acquire, bool release);

#endif
