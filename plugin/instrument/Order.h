//===- Order.h - What may order strands or end an epoch ---------*- C++ -*-===//
//
// Which instructions stand between two checks.
//
// The detector keeps FastTrack's epochs (Flanagan & Freund, PLDI 2009): a
// strand's clock ticks when it releases, and nobody can be ordered after one of
// its accesses without a release of its own behind that access.  From this,
// for two accesses A and B of one strand, A first:
//
//   Release between   A and B are of different epochs.  Somebody may be ordered
//                     after A and concurrent with B, so that A's check says
//                     nothing of B.
//   Acquire between   A and B are of one epoch, but B knows more.  What
//                     conflicts with B and is not ordered before it is not
//                     ordered before A either: A's check says all that B's
//                     would.  The reverse is wrong: B's check leaves out what
//                     the acquire ordered before B and not before A, and a
//                     check of B's that stood before the acquire would report
//                     it.
//   Stop between      B may never come: a call that exits, throws, jumps away
//                     or runs for ever.  A's check says all that is needed of
//                     B, but no check at B's place can speak for A, nor may
//                     one of B's stand before.
//
// Freeing, unmapping and mapping memory make its marks be forgotten, and count
// as a release.  Another strand's free does not: without a release of ours it
// is concurrent with A, and is reported as a race with A's mark.  Operations of
// relaxed order neither end the epoch nor let anything be known: what a relaxed
// store behind a release fence hands on is the view that the fence took, and
// the fence itself is the release.
//
// A signal handler may run between any two instructions, and release.  LLVM
// moves plain accesses across that point as well; the handler's own accesses
// meet the marks that stand.
//
// Invariant: answers are about the module as it is when the Order is made.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_ORDER_H
#define GOC_PLUGIN_INSTRUMENT_ORDER_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

namespace goc {

/// A set of what may happen.
enum Effects : unsigned {
  NoEffect = 0,
  Releases = 1,
  Acquires = 2,
  Stops = 4,
  AnyEffect = Releases | Acquires | Stops
};

class Order {
public:
  using LibraryOf = llvm::function_ref<const llvm::TargetLibraryInfo &(
      const llvm::Function &)>;

  /// Looks at every function of M, callees first.
  Order(llvm::Module &M, LibraryOf Library);

  /// What Inst may do besides its plain accesses.
  unsigned of(const llvm::Instruction &Inst) const;

private:
  unsigned ofCall(const llvm::CallBase &Call) const;
  unsigned ofBody(const llvm::Function &F) const;

  /// Of the functions that cannot be replaced by others when linking, and of
  /// the declared ones of libc that are known.
  llvm::DenseMap<const llvm::Function *, unsigned> Known;
};

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_ORDER_H
