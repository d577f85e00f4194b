//===- Sweeps.cpp - Cursors checked a line at a time ----------------------===//

#include "instrument/Sweeps.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumSweptReads, "Number of reads checked a line at a time");
STATISTIC(NumSweptWrites, "Number of writes checked a line at a time");

static cl::opt<bool>
    NoSweeps("goc-race-no-sweeps", cl::Hidden,
             cl::desc("Check a cursor's accesses where they are made"));

namespace goc {

namespace {

constexpr uint64_t LineSize =
    64; // of the cache; a line's cells are one line too

//===----------------------------------------------------------------------===//
// Choosing
//===----------------------------------------------------------------------===//

class Chooser {
public:
  Chooser(const Order &Effect, ScalarEvolution &SE, const LoopInfo &LI,
          const DominatorTree &DT)
      : Effect(Effect), SE(SE), LI(LI), DT(DT) {}

  void choose(SmallVectorImpl<Access> &Checks, SmallVectorImpl<Sweep> &Sweeps);

private:
  std::optional<Sweep> cursor(const Access &A) const;
  bool goesOn(const Loop *Inner, const Loop *Around) const;
  bool isQuiet(const Loop *Around) const;
  bool endsEachTurn(const Loop *Around) const;

  const Order &Effect;
  ScalarEvolution &SE;
  const LoopInfo &LI;
  const DominatorTree &DT;
  SmallPtrSet<const Loop *, 8> Moving; ///< loops with a cursor in each turn
};

/// What V is made of with constants alone: sums, and what is left of a narrower
/// cursor's sign.  V itself if it is of another kind.
const Value *origin(const Value *V) {
  for (;;) {
    const auto *Op = dyn_cast<Operator>(V);
    if (!Op)
      return V;
    bool IsBinary = isa<BinaryOperator>(Op) && isa<Constant>(Op->getOperand(1));
    const auto *Pointer = dyn_cast<GEPOperator>(Op);
    if (!IsBinary && !isa<CastInst>(Op) &&
        !(Pointer && Pointer->hasAllConstantIndices()))
      return V;
    V = Op->getOperand(0);
  }
}

/// Does V come from a value of Inner's, through choices within Around?
bool comesFrom(const Value *V, const Loop *Inner, const Loop *Around) {
  SmallVector<const Value *, 8> Open{V};
  SmallPtrSet<const Value *, 8> Seen;
  while (!Open.empty()) {
    const auto *At = dyn_cast<Instruction>(origin(Open.pop_back_val()));
    if (!At || !Around->contains(At) || !Seen.insert(At).second)
      continue;
    if (Inner->contains(At))
      return true;
    if (isa<PHINode>(At) && At->getParent() != Around->getHeader())
      append_range(Open, At->operands());
  }
  return false;
}

/// Does Inner begin where it stopped in the turn of Around before?
bool Chooser::goesOn(const Loop *Inner, const Loop *Around) const {
  const BasicBlock *Preheader = Inner->getLoopPreheader();
  return Preheader && any_of(Inner->getHeader()->phis(), [&](const PHINode &P) {
           const auto *Start =
               dyn_cast<PHINode>(origin(P.getIncomingValueForBlock(Preheader)));
           return Start && Start->getParent() == Around->getHeader() &&
                  comesFrom(
                      Start->getIncomingValueForBlock(Around->getLoopLatch()),
                      Inner, Around);
         });
}

bool Chooser::isQuiet(const Loop *Around) const {
  return all_of(Around->blocks(), [&](const BasicBlock *Block) {
    return all_of(*Block, [&](const Instruction &Inst) {
      return Effect.of(Inst) == NoEffect;
    });
  });
}

/// Does each loop inside Around end, or move on through memory?
bool Chooser::endsEachTurn(const Loop *Around) const {
  return all_of(*Around, [&](const Loop *Inner) {
    return (Moving.contains(Inner) ||
            !isa<SCEVCouldNotCompute>(SE.getBackedgeTakenCount(Inner))) &&
           endsEachTurn(Inner);
  });
}

/// A as a sweep of the loop around its own, as far as A alone can say.
std::optional<Sweep> Chooser::cursor(const Access &A) const {
  const BasicBlock *Block = A.Inst->getParent();
  const Loop *Inner = LI.getLoopFor(Block);
  const Loop *Around = Inner ? Inner->getParentLoop() : nullptr;
  // A volatile access may be one that a signal handler shares (Emit).
  if (!Around || A.Mask || A.Length || !isa<LoadInst, StoreInst>(A.Inst) ||
      A.Inst->isVolatile() || !SE.isSCEVable(A.Addr->getType()) ||
      !isPowerOf2_64(A.Size) || A.Size >= LineSize ||
      A.Alignment.value() < A.Size)
    return std::nullopt;
  const BasicBlock *Latch = Inner->getLoopLatch();
  const BasicBlock *LatchAround = Around->getLoopLatch();
  if (!Latch || !LatchAround || !Around->getLoopPreheader() ||
      !DT.dominates(Block, Latch) || !DT.dominates(Block, LatchAround) ||
      !Around->hasDedicatedExits())
    return std::nullopt;
  const auto *Moves = dyn_cast<SCEVAddRecExpr>(SE.getSCEV(A.Addr));
  if (!Moves || Moves->getLoop() != Inner || !Moves->isAffine())
    return std::nullopt;
  const auto *Step = dyn_cast<SCEVConstant>(Moves->getStepRecurrence(SE));
  if (!Step || Step->getAPInt().abs() != A.Size || !goesOn(Inner, Around))
    return std::nullopt;
  SmallVector<BasicBlock *, 2> Exits;
  Around->getUniqueExitBlocks(Exits);
  Sweep S{A,
          Step->getAPInt().isNegative(),
          Around->getLoopPreheader()->getTerminator(),
          {}};
  for (BasicBlock *Exit : Exits) {
    if (Exit->isEHPad())
      return std::nullopt;
    S.Exits.push_back(&*Exit->getFirstInsertionPt());
  }
  return S;
}

void Chooser::choose(SmallVectorImpl<Access> &Checks,
                     SmallVectorImpl<Sweep> &Sweeps) {
  DenseMap<const Loop *, bool> Quiet;
  SmallVector<std::optional<Sweep>, 0> Found;
  for (const Access &A : Checks) {
    std::optional<Sweep> &S = Found.emplace_back(cursor(A));
    if (!S)
      continue;
    const Loop *Inner = LI.getLoopFor(A.Inst->getParent());
    auto [Known, New] = Quiet.try_emplace(Inner->getParentLoop(), false);
    if (New)
      Known->second = isQuiet(Inner->getParentLoop());
    if (Known->second)
      Moving.insert(Inner);
    else
      S.reset();
  }
  unsigned Index = 0;
  erase_if(Checks, [&](const Access &A) {
    std::optional<Sweep> &S = Found[Index++];
    if (!S ||
        !endsEachTurn(LI.getLoopFor(A.Inst->getParent())->getParentLoop()))
      return false;
    ++(A.IsWrite ? NumSweptWrites : NumSweptReads);
    Sweeps.push_back(std::move(*S));
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Placing
//===----------------------------------------------------------------------===//

/// What one sweep has gone over since its last check: from Low up to High, the
/// same where there is nothing.
struct Open {
  AllocaInst *Low, *High;
};

class Placer {
public:
  Placer(Function &F, Emit &Emitter) : F(F), Emitter(Emitter) {}

  void place(const Sweep &S);
  /// Behind the last place: variables become values.
  void finish();

private:
  AllocaInst *variable(IRBuilderBase &B);
  void check(IRBuilderBase &B, const Sweep &S, const Open &O);
  void move(const Sweep &S, const Open &O);

  Function &F;
  Emit &Emitter;
  SmallVector<AllocaInst *, 4> Variables;
};

AllocaInst *Placer::variable(IRBuilderBase &B) {
  AllocaInst *New = B.CreateAlloca(B.getInt64Ty());
  Variables.push_back(New);
  return New;
}

/// In front of B, if something is open.
void Placer::check(IRBuilderBase &B, const Sweep &S, const Open &O) {
  Value *Low = B.CreateLoad(B.getInt64Ty(), O.Low);
  Value *High = B.CreateLoad(B.getInt64Ty(), O.High);
  Instruction *Then = SplitBlockAndInsertIfThen(
      B.CreateICmpNE(Low, High), B.GetInsertPoint(), /*Unreachable=*/false);
  IRBuilder<> Inside(Then);
  Inside.SetCurrentDebugLocation(S.Of.Inst->getDebugLoc());
  Emitter.range(Inside, Inside.CreateIntToPtr(Low, S.Of.Addr->getType()),
                Inside.CreateSub(High, Low), S.Of.IsWrite);
}

/// The access is made: of the next element of what is open, which then is open
/// too, or what is open is checked first.  No check is of two lines.
void Placer::move(const Sweep &S, const Open &O) {
  IRBuilder<> B(S.Of.Inst);
  Value *Begin = B.CreatePtrToInt(S.Of.Addr, B.getInt64Ty());
  Value *End = B.CreateAdd(Begin, B.getInt64(S.Of.Size));
  Value *Border = S.Downwards ? End : Begin; // with what is open
  Value *Reached = B.CreateLoad(B.getInt64Ty(), S.Downwards ? O.Low : O.High);
  Value *Apart = B.CreateICmpNE(Border, Reached);
  Value *NewLine =
      B.CreateICmpEQ(B.CreateAnd(Border, LineSize - 1), B.getInt64(0));
  Instruction *Then = SplitBlockAndInsertIfThen(
      B.CreateOr(Apart, NewLine), S.Of.Inst->getIterator(),
      /*Unreachable=*/false,
      MDBuilder(F.getContext()).createBranchWeights(1, LineSize));
  IRBuilder<> Inside(Then);
  Inside.CreateStore(Border, S.Downwards ? O.High : O.Low);
  Inside.SetInsertPoint(Then->getParent()->getFirstInsertionPt());
  check(Inside, S, O);
  B.SetInsertPoint(S.Of.Inst);
  B.CreateStore(S.Downwards ? Begin : End, S.Downwards ? O.Low : O.High);
}

void Placer::place(const Sweep &S) {
  IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
  Open O{variable(B), variable(B)};
  B.SetInsertPoint(S.Entry);
  B.CreateStore(B.getInt64(0), O.Low);
  B.CreateStore(B.getInt64(0), O.High);
  move(S, O);
  for (Instruction *Exit : S.Exits) {
    B.SetInsertPoint(Exit);
    check(B, S, O);
  }
}

void Placer::finish() {
  DominatorTree DT(F);
  PromoteMemToReg(Variables, DT);
}

} // namespace

void chooseSweeps(SmallVectorImpl<Access> &Checks,
                  SmallVectorImpl<Sweep> &Sweeps, const Order &Effect,
                  ScalarEvolution &SE, const LoopInfo &LI,
                  const DominatorTree &DT) {
  if (!NoSweeps && !LI.empty())
    Chooser(Effect, SE, LI, DT).choose(Checks, Sweeps);
}

void placeSweeps(Function &F, ArrayRef<Sweep> Sweeps, Emit &Emitter) {
  if (Sweeps.empty())
    return;
  Placer Place(F, Emitter);
  for (const Sweep &S : Sweeps)
    Place.place(S);
  Place.finish();
}

} // namespace goc
