//===- Ranges.cpp - Loops checked as a whole ------------------------------===//

#include "instrument/Ranges.h"
#include "instrument/Compat.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumRangeReads, "Number of reads checked as ranges before a loop");
STATISTIC(NumRangeWrites, "Number of writes checked as ranges before a loop");
STATISTIC(NumHoisted,
          "Number of accesses of one address checked before a loop");
STATISTIC(NumSameRange, "Number of ranges dropped: another is the same");

static cl::opt<bool> NoRanges("goc-race-no-ranges", cl::Hidden,
                              cl::desc("Check every access where it is made"));

namespace goc {

namespace {

/// Ranges shorter than this many bytes cost more as a call than the accesses'
/// own checks do.
constexpr uint64_t ShortestRange = 32; // four words

class Chooser {
public:
  Chooser(const Order &Effect, ScalarEvolution &SE, const LoopInfo &LI,
          const DominatorTree &DT)
      : Effect(Effect), SE(SE), LI(LI), DT(DT),
        Expander(makeExpander(SE, SE.getDataLayout(), "goc.range")) {}

  std::optional<RangeCheck> choose(const Access &A);

private:
  /// One loop's share in an access's addresses.
  struct Dimension {
    const SCEV *Step;
    const SCEV *Turns;
  };

  /// The addresses of an access over all turns of the loops walked so far.
  struct Walk {
    const SCEV *Start;
    const SCEV *Filled; ///< bytes from Start that are accessed without a gap
    SmallVector<Dimension, 4> Open; ///< what else varies
    const BasicBlock *Block;        ///< where the walk has come to
  };

  bool isQuiet(const Loop *L);
  const SCEV *turns(const Loop *L, const BasicBlock *Block);
  bool step(Walk &W, const Loop *L);
  void fill(Walk &W, const Loop *L);
  bool isSame(const SCEV *A, const SCEV *B, const Loop *L);
  bool isTooShort(const SCEV *Length) const;

  const Order &Effect;
  ScalarEvolution &SE;
  const LoopInfo &LI;
  const DominatorTree &DT;
  SCEVExpander Expander;
  DenseMap<const Loop *, bool> Quiet;
};

/// Does L end after a known number of turns, and order nothing?
bool Chooser::isQuiet(const Loop *L) {
  auto [Known, New] = Quiet.try_emplace(L, false);
  if (!New)
    return Known->second;
  bool Result =
      L->getLoopPreheader() && L->getLoopLatch() && L->getExitingBlock() &&
      !isa<SCEVCouldNotCompute>(SE.getBackedgeTakenCount(L)) &&
      all_of(*L, [&](const Loop *Inner) { return isQuiet(Inner); }) &&
      all_of(L->blocks(), [&](const BasicBlock *Block) {
        return LI.getLoopFor(Block) != L || // an inner one, looked at already
               all_of(*Block, [&](const Instruction &Inst) {
                 return Effect.of(Inst) == NoEffect;
               });
      });
  return Quiet[L] = Result;
}

/// How often Block runs in one run of L; null if it may skip a turn.
const SCEV *Chooser::turns(const Loop *L, const BasicBlock *Block) {
  if (!DT.dominates(Block, L->getLoopLatch()))
    return nullptr;
  Type *Int64 = Type::getInt64Ty(Block->getContext());
  const SCEV *Count = SE.getBackedgeTakenCount(L);
  if (SE.getTypeSizeInBits(Count->getType()) > 64)
    return nullptr;
  Count = SE.getNoopOrZeroExtend(Count, Int64);
  // The turn in which the exit is taken is one more, for what comes before it.
  // The sum does not wrap: no loop makes 2^64 accesses of different bytes.
  if (DT.dominates(Block, L->getExitingBlock()))
    Count = SE.getAddExpr(Count, SE.getOne(Int64));
  return Count;
}

bool Chooser::isSame(const SCEV *A, const SCEV *B, const Loop *L) {
  if (A == B)
    return true;
  if (isa<SCEVCouldNotCompute>(A) || A->getType() != B->getType())
    return false;
  // What the branch around the loop says may be needed: that n is positive.
  return SE.getMinusSCEV(A, B)->isZero() ||
         SE.applyLoopGuards(A, L) == SE.applyLoopGuards(B, L);
}

/// Let dimensions whose step is what the others fill widen it.
void Chooser::fill(Walk &W, const Loop *L) {
  for (bool Found = true; Found;) {
    Found = false;
    for (Dimension &D : W.Open) {
      if (!isSame(D.Step, W.Filled, L)) {
        if (!isSame(SE.getNegativeSCEV(D.Step), W.Filled, L))
          continue;
        // Downwards: the last turn has the lowest address.
        const SCEV *Last =
            SE.getMinusSCEV(D.Turns, SE.getOne(D.Turns->getType()));
        W.Start = SE.getAddExpr(W.Start, SE.getMulExpr(D.Step, Last));
      }
      W.Filled = SE.getMulExpr(W.Filled, D.Turns);
      W.Open.erase(&D);
      Found = true;
      break;
    }
  }
}

/// Take W from a block of L to L's preheader, if all of L's turns can be told
/// there.
bool Chooser::step(Walk &W, const Loop *L) {
  const SCEV *Turns = isQuiet(L) ? turns(L, W.Block) : nullptr;
  if (!Turns || !SE.isLoopInvariant(W.Filled, L))
    return false;
  for (const Dimension &D : W.Open)
    if (!SE.isLoopInvariant(D.Step, L) || !SE.isLoopInvariant(D.Turns, L))
      return false;
  bool Always = DT.dominates(W.Block, L->getExitingBlock());
  if (auto *Moving = dyn_cast<SCEVAddRecExpr>(W.Start);
      Moving && Moving->getLoop() == L) {
    if (!Moving->isAffine())
      return false;
    const SCEV *Step = Moving->getStepRecurrence(SE);
    if (SE.getTypeSizeInBits(Step->getType()) != 64)
      return false;
    W.Start = Moving->getStart();
    W.Open.push_back({Step, Turns});
  } else if (!SE.isLoopInvariant(W.Start, L) || !Always) {
    return false; // not to be told, or maybe no access at all
  }
  if (!SE.isLoopInvariant(W.Start, L))
    return false;
  W.Block = L->getLoopPreheader();
  fill(W, L);
  return true;
}

bool Chooser::isTooShort(const SCEV *Length) const {
  auto *Known = dyn_cast<SCEVConstant>(Length);
  return Known && Known->getAPInt().ult(ShortestRange);
}

std::optional<RangeCheck> Chooser::choose(const Access &A) {
  const BasicBlock *Block = A.Inst->getParent();
  // A volatile access may be one that a signal handler shares (Emit).
  if (A.Mask || A.Length || !isa<LoadInst, StoreInst>(A.Inst) ||
      A.Inst->isVolatile() || !SE.isSCEVable(A.Addr->getType()) ||
      !LI.getLoopFor(Block))
    return std::nullopt;
  const SCEV *Size =
      SE.getConstant(Type::getInt64Ty(Block->getContext()), A.Size);
  Walk W{SE.getSCEV(A.Addr), Size, {}, Block};
  RangeCheck Best{A};
  for (const Loop *L = LI.getLoopFor(Block); L && step(W, L);
       L = LI.getLoopFor(W.Block)) {
    Instruction *Before = L->getLoopPreheader()->getTerminator();
    if (!W.Open.empty() || (W.Filled != Size && isTooShort(W.Filled)) ||
        !Expander.isSafeToExpandAt(W.Start, Before) ||
        !Expander.isSafeToExpandAt(W.Filled, Before))
      continue; // the next loop out may still do
    Best.Start = W.Start;
    Best.Length = W.Filled;
    Best.Before = Before;
  }
  if (!Best.Before)
    return std::nullopt;
  if (Best.Length == Size)
    ++NumHoisted;
  else
    ++(A.IsWrite ? NumRangeWrites : NumRangeReads);
  return Best;
}

/// Does R say all that Other does, in the same place?
bool covers(const RangeCheck &R, const RangeCheck &Other) {
  return R.Before == Other.Before && R.Start == Other.Start &&
         R.Length == Other.Length && (R.Of.IsWrite || !Other.Of.IsWrite);
}

void addRange(const RangeCheck &New, SmallVectorImpl<RangeCheck> &Ranges) {
  for (RangeCheck &R : Ranges)
    if (covers(R, New) || covers(New, R)) {
      if (!covers(R, New))
        R = New;
      ++NumSameRange;
      return;
    }
  Ranges.push_back(New);
}

} // namespace

void chooseRanges(SmallVectorImpl<Access> &Checks,
                  SmallVectorImpl<RangeCheck> &Ranges, const Order &Effect,
                  ScalarEvolution &SE, const LoopInfo &LI,
                  const DominatorTree &DT) {
  if (NoRanges || LI.empty())
    return;
  Chooser Choose(Effect, SE, LI, DT);
  erase_if(Checks, [&](const Access &A) {
    std::optional<RangeCheck> R = Choose.choose(A);
    if (R)
      addRange(*R, Ranges);
    return R.has_value();
  });
}

SmallVector<Instruction *, 0> placeRanges(ArrayRef<RangeCheck> Ranges,
                                          SmallVectorImpl<Access> &Checks,
                                          ScalarEvolution &SE) {
  SmallVector<Instruction *, 0> Places;
  SCEVExpander Expander = makeExpander(SE, SE.getDataLayout(), "goc.range");
  for (const RangeCheck &R : Ranges) {
    Access A = R.Of;
    A.Addr = Expander.expandCodeFor(R.Start, A.Addr->getType(), R.Before);
    Value *Length =
        Expander.expandCodeFor(R.Length, R.Length->getType(), R.Before);
    // A length that is the access's own leaves it what it was.
    if (auto *Known = dyn_cast<ConstantInt>(Length);
        !Known || Known->getZExtValue() != A.Size)
      A.Length = Length;
    A.Inst = new FreezeInst(PoisonValue::get(Length->getType()), "",
                            R.Before->getIterator());
    A.Inst->setDebugLoc(R.Of.Inst->getDebugLoc());
    Places.push_back(A.Inst);
    Checks.push_back(A);
  }
  return Places;
}

} // namespace goc
