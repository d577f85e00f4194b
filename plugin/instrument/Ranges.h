//===- Ranges.h - Loops checked as a whole ----------------------*- C++ -*-===//
//
//   for (i = 0; i < n; i++)              goc_race_read_range(a, 4 * n)
//     sum += a[i]                →       for (i = 0; i < n; i++)
//                                          sum += a[i]
//
// An access of a loop is checked once, in front of the loop, where all of this
// holds (BigFoot: Rhodes, Flanagan & Freund, PLDI 2017, checks such ranges
// after the loop):
//
//   The loop is quiet.  Nothing in it releases or acquires (Order.h), so that
//   the check in front is of the epoch and the view of every access in the
//   loop: it conflicts with the same accesses of others, and its mark stands
//   for theirs.
//
//   The loop ends, by its one exit, after a number of turns that is known in
//   front of it; nothing in it stops, and each loop inside ends likewise.  So
//   the accesses will be made, and none is reported that was not.  What is left
//   is a process that ends, or a fault, in the middle: then a race may be
//   reported with an access that was about to come, unordered all the same.
//
//   Each turn makes the access: its block dominates the latch.
//
//   Its addresses fill a range: the step of the innermost loop is the access's
//   size, or that of any loop around is the range that the others fill,
//   whichever loop inside has which step; or the address is the same in each
//   turn.
//
// Why in front and not behind: the mark stands while the loop runs, and meets
// what others do meanwhile even if the memory is freed or the process ends
// before the loop does.
//
// The check has the debug location of the access.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_RANGES_H
#define GOC_PLUGIN_INSTRUMENT_RANGES_H

#include "instrument/AccessPolicy.h"
#include "instrument/Order.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"

namespace goc {

/// A check in front of a loop.
struct RangeCheck {
  Access Of;                           ///< one of the accesses it stands for
  const llvm::SCEV *Start = nullptr;   ///< lowest address
  const llvm::SCEV *Length = nullptr;  ///< in bytes
  llvm::Instruction *Before = nullptr; ///< the end of the loop's preheader
};

/// Move from Checks to Ranges what is better checked in front of a loop.
/// Changes nothing of F.
void chooseRanges(llvm::SmallVectorImpl<Access> &Checks,
                  llvm::SmallVectorImpl<RangeCheck> &Ranges,
                  const Order &Effect, llvm::ScalarEvolution &SE,
                  const llvm::LoopInfo &LI, const llvm::DominatorTree &DT);

/// Compute the addresses and lengths of Ranges in their places and add to
/// Checks an access for each.  These stand on instructions of their own, which
/// the caller erases when the checks are there.
llvm::SmallVector<llvm::Instruction *, 0>
placeRanges(llvm::ArrayRef<RangeCheck> Ranges,
            llvm::SmallVectorImpl<Access> &Checks, llvm::ScalarEvolution &SE);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_RANGES_H
