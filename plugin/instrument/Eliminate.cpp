//===- Eliminate.cpp - The eliminations in their order --------------------===//

#include "instrument/Eliminate.h"
#include "instrument/Dominated.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;

namespace goc {

/// Give every loop a block in front of it.  LLVM's loop passes, which come
/// next, would do the same.
static void addPreheaders(LoopInfo &LI, DominatorTree &DT) {
  for (Loop *L : LI.getLoopsInPreorder())
    if (!L->getLoopPreheader())
      InsertPreheaderForLoop(L, &DT, &LI, /*MSSAU=*/nullptr,
                             /*PreserveLCSSA=*/false);
}

void Eliminate::choose(Function &F, SmallVectorImpl<Access> &Checks,
                       SmallVectorImpl<RangeCheck> &Ranges,
                       SmallVectorImpl<Sweep> &Sweeps,
                       SmallVectorImpl<Together> &Groups) {
  if (Checks.empty())
    return;
  auto &LI = FAM.getResult<LoopAnalysis>(F);
  auto &DT = FAM.getResult<DominatorTreeAnalysis>(F);
  addPreheaders(LI, DT);
  auto &SE = FAM.getResult<ScalarEvolutionAnalysis>(F);
  dropDominated(F, Checks, Effect, SE);
  dropCovered(F, Checks, Effect, SE);
  chooseRanges(Checks, Ranges, Effect, SE, LI, DT);
  chooseSweeps(Checks, Sweeps, Effect, SE, LI, DT);
  chooseTogether(Checks, Groups, Effect, SE);
}

SmallVector<Instruction *, 0>
Eliminate::place(Function &F, ArrayRef<RangeCheck> Ranges,
                 SmallVectorImpl<Access> &Checks) {
  if (Ranges.empty())
    return {};
  return placeRanges(Ranges, Checks, FAM.getResult<ScalarEvolutionAnalysis>(F));
}

} // namespace goc
