/* budget=N%: accesses are looked at in windows only (Bond, Coons and McKinley, PACER,
 * PLDI 2010).
 *
 * Order is always followed; contexts, blocks and sync objects too.  What is left out while
 * the window is closed are accesses: neither marked nor asked about.  So a mark may be
 * missing, and none is wrong: nothing false is reported, and what is reported has the same
 * stacks as ever.
 *
 * The cost.  A strand to which the window is closed compares one cell, which is never any
 * address's, with what matches it: instrumented code needs no other branch for that, and
 * touches no shadow memory.  All CPU time that passes while the window is open is held to
 * be the detector's: its share is kept at the budget, so that the looking costs at most
 * that, whatever an access costs.  What remains is the floor: calling contexts, the
 * comparison, and order.
 *
 * Nobody else may change what a strand compares with; it looks itself, whenever it enters
 * the detector.  To open the window is to empty the cell: then whatever the strands ask leads
 * them there.  Who decides is whoever enters, every fraction of a millisecond; and, once the
 * program has made a thread, one of the detector's own, for programs that compute long without
 * entering; of goroutines the runtime's monitor comes by (goc_race_tick).  To ask for the time
 * costs as much as a lock's order does, so that a thread does it once in PASSES entries: those
 * that order much enter often, and where few do the window is open longer and less often.
 *
 * No program has memory at the cell's address: it is the cell of the addresses 0 and 2^46,
 * and the second lies in the reservation of cells itself (state/shadow.h).  The few cells
 * behind it, of which a question may be too (RACE_INLINE_CELLS), are as good: the kernel maps
 * nothing in the first page.
 */
#ifndef GOC_STATE_WINDOW_H
#define GOC_STATE_WINDOW_H

#include "base/compiler.h"
#include "state/shadow.h"

#include <stdbool.h>
#include <stdint.h>

/* What a strand expects while the window is closed, and the content of the cell: no mark
 * has a lock, and no locked cell of a word without marks has bytes. */
#define RACE_EXPECT_CLOSED (UINT64_C(1) << RACE_CELL_LOCK_BIT | 0x1ff)

extern bool race__windows; // const after init: there is a budget

/* After the shadow's. */
void race__window_init(void);

/* The mask of addresses for a new strand, 0 where the window is closed. */
uint64_t race__window_cells(void);

/* The calling thread enters the detector. */
RACE_PRESERVE void race__window_look(void);

static RACE_INLINE void race__window_pass(void)
{
    if (unlikely(race__windows))
        race__window_look();
}

/* The same, by somebody who does so seldom enough. */
void race__window_tick(void);

/* The program is about to make a thread. */
void race__window_threads_begin(void);
/* In the child of a fork. */
void race__window_forked(void);

/* Thousandths of the CPU time that passed while the window was open. */
uint64_t race__window_share(void);

#endif
