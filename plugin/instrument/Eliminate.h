//===- Eliminate.h - The eliminations in their order ------------*- C++ -*-===//
//
// Takes from a function's accesses those whose check another check stands for.
//
//   dropDominated   an earlier check of the epoch says it     (Dominated.h)
//   dropCovered     a later check will say it                 (Dominated.h)
//   chooseRanges    one check in front of a loop says it      (Ranges.h)
//   chooseSweeps    one check a line of the cache says it (Sweeps.h)
//   chooseTogether  what is left is asked with its neighbours (Together.h)
//
// Each looks at what the ones before left, so that every check that stands for
// another is made, or is itself stood for by one of the same epoch and view.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_ELIMINATE_H
#define GOC_PLUGIN_INSTRUMENT_ELIMINATE_H

#include "instrument/Order.h"
#include "instrument/Ranges.h"
#include "instrument/Sweeps.h"
#include "instrument/Together.h"
#include "llvm/IR/PassManager.h"

namespace goc {

class Eliminate {
public:
  Eliminate(llvm::Module &M, llvm::FunctionAnalysisManager &FAM,
            Order::LibraryOf Library)
      : FAM(FAM), Effect(M, Library) {}

  /// Changes the lists, and of F no more than that every loop gets a
  /// preheader.
  void choose(llvm::Function &F, llvm::SmallVectorImpl<Access> &Checks,
              llvm::SmallVectorImpl<RangeCheck> &Ranges,
              llvm::SmallVectorImpl<Sweep> &Sweeps,
              llvm::SmallVectorImpl<Together> &Groups);

  /// placeRanges() with F's analysis.
  llvm::SmallVector<llvm::Instruction *, 0>
  place(llvm::Function &F, llvm::ArrayRef<RangeCheck> Ranges,
        llvm::SmallVectorImpl<Access> &Checks);

private:
  llvm::FunctionAnalysisManager &FAM;
  Order Effect;
};

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_ELIMINATE_H
