//===- CallContext.cpp - Functions enter and leave ------------------------===//

#include "instrument/CallContext.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
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

/// Where F starts to run, behind its allocas, at the line of its name.
static void startAtEntry(IRBuilder<> &B, Function &F) {
  BasicBlock &Entry = F.getEntryBlock();
  B.SetInsertPoint(&Entry, Entry.getFirstNonPHIOrDbgOrAlloca());
  if (DISubprogram *Subprogram = F.getSubprogram())
    B.SetCurrentDebugLocation(DILocation::get(
        F.getContext(), Subprogram->getScopeLine(), 0, Subprogram));
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

void addCallContext(Function &F, Abi &Callees) {
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
