//===- CallContext.cpp - Functions enter and leave ------------------------===//

#include "instrument/CallContext.h"
#include "goc/race_inline.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/EscapeEnumerator.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumContexts, "Number of functions with a calling context");
STATISTIC(NumResumes, "Number of calls that return twice");

namespace goc {

bool hasCalls(const Function &F) {
  for (const Instruction &Inst : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&Inst);
    if (Call && !isa<IntrinsicInst>(Call) && !Call->isInlineAsm())
      return true;
  }
  return false;
}

bool returnsTwice(const Function &F) {
  return any_of(instructions(F), [](const Instruction &Inst) {
    auto *Call = dyn_cast<CallBase>(&Inst);
    return Call && Call->hasFnAttr(Attribute::ReturnsTwice);
  });
}

static Value *returnAddress(IRBuilder<> &B) {
  return B.CreateIntrinsic(Intrinsic::returnaddress, {}, {B.getInt32(0)});
}

/// The first instruction that runs after Call has returned.
static Instruction *afterCall(CallBase &Call) {
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call)) {
    // A block of the invoke's own, so that nobody else passes through it.
    BasicBlock *Next = Invoke->getNormalDest();
    if (!Next->getSinglePredecessor())
      Next = SplitEdge(Invoke->getParent(), Next);
    return &*Next->getFirstInsertionPt();
  }
  return Call.getNextNode();
}

namespace {

/// The token of a function's caller, between func_enter and the ways out.
class Token {
public:
  Token(IRBuilder<> &B, CallInst *Entered, bool InMemory) : Entered(Entered) {
    if (!InMemory)
      return;
    BasicBlock &Entry = B.GetInsertBlock()->getParent()->getEntryBlock();
    IRBuilder<> AtStart(&Entry, Entry.begin());
    Slot = AtStart.CreateAlloca(Entered->getType(), nullptr, "goc.token");
    B.CreateStore(Entered, Slot, /*isVolatile=*/true);
  }

  Value *get(IRBuilder<> &B) {
    if (!Slot)
      return Entered;
    return B.CreateLoad(Entered->getType(), Slot, /*isVolatile=*/true);
  }

private:
  CallInst *Entered;
  AllocaInst *Slot = nullptr;
};

} // namespace

static void store(IRBuilderBase &B, Value *What, Value *Addr) {
  const DataLayout &DL = B.GetInsertBlock()->getModule()->getDataLayout();
  StoreInst *Store = B.CreateStore(What, Addr);
  Store->setAlignment(
      Align(DL.getTypeStoreSize(What->getType()).getFixedValue()));
  Store->setAtomic(AtomicOrdering::Monotonic);
  Store->setMetadata(LLVMContext::MD_nosanitize,
                     MDNode::get(B.getContext(), {}));
}

/// The frame is taken (depth) before it is filled: a signal handler that enters
/// in between takes the next one.
static Value *enterInline(Function &F, Abi &Callees, Running &Run) {
  Value *Strand = Run.strand();
  IRBuilder<> B(cast<Instruction>(Strand)->getNextNode());
  Value *Depth =
      Running::load(B, B.getInt32Ty(), Run.field(B, RACE_STRAND_DEPTH));
  Value *Room =
      Running::load(B, B.getInt32Ty(), Run.field(B, RACE_STRAND_CAPACITY));
  Value *Full = B.CreateICmpEQ(Depth, Room);
  Instruction *Slow, *Fast;
  SplitBlockAndInsertIfThenElse(
      Full, B.GetInsertPoint(), &Slow, &Fast,
      MDBuilder(F.getContext()).createBranchWeights(1, UnlikelyWeight));

  B.SetInsertPoint(Slow);
  Value *Entered = Callees.call(B, AbiCall::func_enter, {returnAddress(B)});
  B.SetInsertPoint(Fast);
  Value *Frames =
      Running::load(B, B.getPtrTy(), Run.field(B, RACE_STRAND_FRAMES));
  Value *Frame =
      B.CreatePtrAdd(Frames, B.CreateMul(B.CreateZExt(Depth, B.getInt64Ty()),
                                         B.getInt64(RACE_FRAME_SIZE)));
  store(B, B.CreateAdd(Depth, B.getInt32(1)), Run.field(B, RACE_STRAND_DEPTH));
  store(B, B.getInt32(0),
        B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Frame, RACE_FRAME_NODE));
  store(B, returnAddress(B),
        B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Frame, RACE_FRAME_PC));

  BasicBlock *Tail = Fast->getSuccessor(0);
  B.SetInsertPoint(Tail, Tail->begin());
  PHINode *Token = B.CreatePHI(B.getInt32Ty(), 2, "goc.token");
  Token->addIncoming(Entered, Slow->getParent());
  Token->addIncoming(Depth, Fast->getParent());
  return Token;
}

static void addInline(Function &F, Abi &Callees, Running &Run) {
  Value *Token = enterInline(F, Callees, Run);
  EscapeEnumerator Ways(F, "goc.unwind");
  while (IRBuilder<> *Out = Ways.Next())
    store(*Out, Token, Run.field(*Out, RACE_STRAND_DEPTH));
  ++NumContexts;
}

void addCallContext(Function &F, Abi &Callees, Running *Run) {
  if (Run)
    return addInline(F, Callees, *Run);
  SmallVector<CallBase *, 4> ReturnsTwice;
  for (Instruction &Inst : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&Inst))
      if (Call->hasFnAttr(Attribute::ReturnsTwice))
        ReturnsTwice.push_back(Call);

  IRBuilder<> B(F.getContext());
  startAtEntry(B, F);
  CallInst *Entered =
      B.CreateCall(Callees.get(AbiCall::func_enter), {returnAddress(B)});
  Token T(B, Entered, !ReturnsTwice.empty());

  for (CallBase *Call : ReturnsTwice) {
    B.SetInsertPoint(afterCall(*Call));
    B.SetCurrentDebugLocation(Call->getDebugLoc());
    B.CreateCall(Callees.get(AbiCall::func_resume),
                 {T.get(B), returnAddress(B)});
    ++NumResumes;
  }

  EscapeEnumerator Ways(F, "goc.unwind");
  while (IRBuilder<> *Out = Ways.Next())
    Out->CreateCall(Callees.get(AbiCall::func_exit), {T.get(*Out)});
  ++NumContexts;
}

} // namespace goc
