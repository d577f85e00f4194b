//===- Sweeps.h - Cursors checked a line at a time --------------*- C++ -*-===//
//
//   for (;;) {                           for (;;) {
//     while (v[i] < pivot)                 while (v[i] < pivot)
//       i++;                                 i++, at a line's end:
//     …                            →           goc_race_read_range(of the line)
//     if (i >= j)                          …
//       break;                             if (i >= j)
//     swap(v, i++, j);                       break;
//   }                                      swap(v, i++, j);
//                                        }
//                                        goc_race_read_range(what is left)
//
// An access of a loop that moves on by the access's own size at each turn, up
// to a place that only the data tell, leaves its checks to one of the whole
// piece that it went over: at the end of each line of the cache, wherever it
// goes on at another address than the next, and behind the loop around.  All of
// these hold:
//
//   The loop around is quiet.  Nothing in it releases, acquires or stops
//   (Order.h), so the later check is of the epoch and the view of each access
//   that it stands for: it conflicts with the same accesses of others, whether
//   those come before, between or after.  Of accesses of the same bytes between
//   the two, one that writes may say it first; a race is then reported with
//   that one, as where a later check stands for an earlier access
//   (Dominated.h).
//
//   The check comes, exactly for what was accessed.  Whether an address is the
//   next is found out when the program runs, in front of the access, and what
//   is open is checked on every way out of the loop.  There is no guess.
//
//   It comes soon.  Each turn of the loop around makes the access, so after as
//   many turns as a line has elements, or earlier, comes the check.  And each
//   turn ends: a loop inside has a known number of turns, or moves on through
//   memory at each, by such an access, and so comes to an end or to a fault. So
//   a loop that never ends reports what it did, but for accesses to less than a
//   line, and a fault loses no more.
//
// A cursor pays where it goes on from where it was: where the loop around
// starts the loop inside at what that one came to, perhaps a constant further.
// Then a line's first accesses in an epoch are one call in place of one each,
// and others a comparison of registers in place of one of a cell.
//
// A check has the debug location of the access.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_SWEEPS_H
#define GOC_PLUGIN_INSTRUMENT_SWEEPS_H

#include "instrument/AccessPolicy.h"
#include "instrument/Emit.h"
#include "instrument/Order.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"

namespace goc {

/// An access that leaves its checks to those of lines, of a loop around its
/// own.
struct Sweep {
  Access Of;
  bool Downwards;
  llvm::Instruction *Entry; ///< the end of that loop's preheader
  /// The first instruction behind each way out of the loop.
  llvm::SmallVector<llvm::Instruction *, 2> Exits;
};

/// Move from Checks to Sweeps what is better checked a line at a time.  Changes
/// nothing of the function.
void chooseSweeps(llvm::SmallVectorImpl<Access> &Checks,
                  llvm::SmallVectorImpl<Sweep> &Sweeps, const Order &Effect,
                  llvm::ScalarEvolution &SE, const llvm::LoopInfo &LI,
                  const llvm::DominatorTree &DT);

/// Make the checks of Sweeps in F.  Splits blocks.
void placeSweeps(llvm::Function &F, llvm::ArrayRef<Sweep> Sweeps,
                 Emit &Emitter);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_SWEEPS_H
