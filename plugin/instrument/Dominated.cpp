//===- Dominated.cpp - Checks that another check says it for --------------===//

#include "instrument/Dominated.h"
#include "instrument/Bytes.h"
#include "instrument/Emit.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/CFG.h"
#include "llvm/Support/CommandLine.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumDominatedReads,
          "Number of reads left to an earlier check of the same epoch");
STATISTIC(NumDominatedWrites,
          "Number of writes left to an earlier check of the same epoch");
STATISTIC(NumCoveredReads, "Number of reads left to a later check");
STATISTIC(NumCoveredWrites, "Number of writes left to a later check");

static cl::opt<bool>
    NoDominated("goc-race-no-dominated", cl::Hidden,
                cl::desc("Keep checks that an earlier check stands for"));
static cl::opt<bool>
    NoCovered("goc-race-no-covered", cl::Hidden,
              cl::desc("Keep checks that a later check stands for"));

namespace goc {

namespace {

/// Facts are numbers of the different Bytes that a function's checks are of:
/// "a check of these was made" or "will be made".
class Facts {
public:
  Facts(ArrayRef<Access> Checks, const Order &Effect, ScalarEvolution &SE);

  /// Nothing to gain: all checks are of different memory.
  bool areIdle() const { return !Related; }

  /// Drop from Checks what an earlier check says, or a later one.
  void dropForward(Function &F, SmallVectorImpl<Access> &Checks);
  void dropBackward(Function &F, SmallVectorImpl<Access> &Checks);

private:
  static constexpr unsigned None = ~0U;

  unsigned number(const Bytes &B);
  void relate();
  void remove(SmallVectorImpl<Access> &Checks) const;
  void forward(const BasicBlock &Block, BitVector &Known);
  void backward(const BasicBlock &Block, BitVector &Known);
  void check(unsigned Index, BitVector &Known);
  void forget(const Instruction &Inst, BitVector &Known) const;
  void forgetTurn(const BasicBlock &Block, BitVector &Known) const;

  const Order &Effect;
  SmallVector<Bytes, 0> All;                        ///< by fact
  SmallVector<SmallVector<unsigned, 2>, 0> Implied; ///< by fact, itself first
  DenseMap<const SCEV *, SmallVector<unsigned, 2>> ByBase;
  DenseMap<const Instruction *, SmallVector<unsigned, 2>> ByValue;
  DenseMap<const BasicBlock *, SmallVector<unsigned, 2>> ByHeader;
  DenseMap<const Instruction *, SmallVector<unsigned, 2>> ByAccess; ///< indices
  SmallVector<unsigned, 0> FactOf; ///< by index of the check
  BitVector Droppable, Dropped;    ///< by index of the check
  bool Related = false;            ///< some fact is implied by two checks
};

/// A large copy is one call for both its sides.
bool isPartOfCall(const Access &A) {
  auto *Mem = dyn_cast<MemIntrinsic>(A.Inst);
  return Mem && Emit::wantsCall(*Mem);
}

Facts::Facts(ArrayRef<Access> Checks, const Order &Effect, ScalarEvolution &SE)
    : Effect(Effect), Droppable(Checks.size()), Dropped(Checks.size()) {
  for (unsigned Index = 0; Index != Checks.size(); ++Index) {
    const Access &A = Checks[Index];
    std::optional<Bytes> B = bytesOf(A, SE);
    FactOf.push_back(B ? number(*B) : None);
    if (!B)
      continue;
    ByAccess[A.Inst].push_back(Index);
    if (!isPartOfCall(A))
      Droppable.set(Index);
  }
  relate();
}

unsigned Facts::number(const Bytes &B) {
  SmallVector<unsigned, 2> &Same = ByBase[B.Base];
  for (unsigned Fact : Same)
    if (All[Fact] == B) {
      Related = true;
      return Fact;
    }
  Same.push_back(All.size());
  All.push_back(B);
  return All.size() - 1;
}

void Facts::relate() {
  Implied.resize(All.size());
  for (auto &[Base, Same] : ByBase) {
    Dependence On = dependsOn(Base);
    for (const Instruction *Value : On.Values)
      append_range(ByValue[Value], Same);
    for (const BasicBlock *Header : On.Headers)
      append_range(ByHeader[Header], Same);
    for (unsigned Fact : Same)
      for (unsigned Other : Same)
        if (All[Fact].cover(All[Other])) {
          Implied[Fact].push_back(Other);
          Related |= Fact != Other;
        }
  }
}

void Facts::remove(SmallVectorImpl<Access> &Checks) const {
  unsigned Kept = 0;
  for (unsigned Index = 0; Index != Checks.size(); ++Index)
    if (!Dropped.test(Index))
      Checks[Kept++] = Checks[Index];
  Checks.truncate(Kept);
}

/// Come to a check with what is Known.
void Facts::check(unsigned Index, BitVector &Known) {
  unsigned Fact = FactOf[Index];
  Dropped[Index] = Known.test(Fact) && Droppable.test(Index);
  for (unsigned Other : Implied[Fact])
    Known.set(Other);
}

/// Inst computes a value anew.
void Facts::forget(const Instruction &Inst, BitVector &Known) const {
  if (auto Found = ByValue.find(&Inst); Found != ByValue.end())
    for (unsigned Fact : Found->second)
      Known.reset(Fact);
}

/// If Block is a loop's header, a turn begins there.
void Facts::forgetTurn(const BasicBlock &Block, BitVector &Known) const {
  if (auto Found = ByHeader.find(&Block); Found != ByHeader.end())
    for (unsigned Fact : Found->second)
      Known.reset(Fact);
}

void Facts::forward(const BasicBlock &Block, BitVector &Known) {
  forgetTurn(Block, Known);
  for (const Instruction &Inst : Block) {
    if (auto Found = ByAccess.find(&Inst); Found != ByAccess.end())
      for (unsigned Index : Found->second)
        check(Index, Known);
    if (Effect.of(Inst) & Releases)
      Known.reset();
    forget(Inst, Known);
  }
}

void Facts::backward(const BasicBlock &Block, BitVector &Known) {
  for (const Instruction &Inst : reverse(Block)) {
    forget(Inst, Known);
    if (Effect.of(Inst) != NoEffect)
      Known.reset();
    if (auto Found = ByAccess.find(&Inst); Found != ByAccess.end())
      for (unsigned Index : reverse(Found->second))
        check(Index, Known);
  }
  forgetTurn(Block, Known);
}

/// The greatest fixpoint: what holds at a block's end on every path there.
/// Dropped is right after the last round, when nothing changes any more.
void Facts::dropForward(Function &F, SmallVectorImpl<Access> &Checks) {
  ReversePostOrderTraversal<const Function *> Order(&F);
  DenseMap<const BasicBlock *, BitVector> AtEnd;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const BasicBlock *Block : Order) {
      BitVector Known(All.size(), !Block->isEntryBlock());
      for (const BasicBlock *Before : predecessors(Block))
        if (auto Found = AtEnd.find(Before); Found != AtEnd.end())
          Known &= Found->second;
      forward(*Block, Known);
      auto [Found, New] = AtEnd.try_emplace(Block, Known);
      if (!New && Found->second != Known)
        Found->second = Known;
      else if (!New)
        continue;
      Changed = true;
    }
  }
  remove(Checks);
}

/// One pass in post order is enough: along a back edge, whose target has no
/// result yet, nothing is known.
void Facts::dropBackward(Function &F, SmallVectorImpl<Access> &Checks) {
  DenseMap<const BasicBlock *, BitVector> AtStart;
  for (const BasicBlock *Block : post_order(&F)) {
    BitVector Known(All.size(), !succ_empty(Block));
    for (const BasicBlock *Next : successors(Block)) {
      auto Found = AtStart.find(Next);
      if (Found != AtStart.end())
        Known &= Found->second;
      else
        Known.reset();
    }
    backward(*Block, Known);
    AtStart[Block] = std::move(Known);
  }
  remove(Checks);
}

/// Add to Reads and Writes how many of Before are not in After.
void count(ArrayRef<Access> Before, ArrayRef<Access> After, Statistic &Reads,
           Statistic &Writes) {
  auto IsWrite = [](const Access &A) { return A.IsWrite; };
  unsigned Gone = count_if(Before, IsWrite) - count_if(After, IsWrite);
  Writes += Gone;
  Reads += Before.size() - After.size() - Gone;
}

} // namespace

void dropDominated(Function &F, SmallVectorImpl<Access> &Checks,
                   const Order &Effect, ScalarEvolution &SE) {
  Facts Made(Checks, Effect, SE);
  if (NoDominated || Made.areIdle())
    return;
  SmallVector<Access, 0> Before(Checks.begin(), Checks.end());
  Made.dropForward(F, Checks);
  count(Before, Checks, NumDominatedReads, NumDominatedWrites);
}

void dropCovered(Function &F, SmallVectorImpl<Access> &Checks,
                 const Order &Effect, ScalarEvolution &SE) {
  Facts Coming(Checks, Effect, SE);
  if (NoCovered || Coming.areIdle())
    return;
  SmallVector<Access, 0> Before(Checks.begin(), Checks.end());
  Coming.dropBackward(F, Checks);
  count(Before, Checks, NumCoveredReads, NumCoveredWrites);
}

} // namespace goc
