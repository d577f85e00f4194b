//===- Atomics.cpp - Atomic operations become calls -----------------------===//

#include "instrument/Atomics.h"
#include "instrument/AccessPolicy.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LowerAtomic.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumAtomics, "Number of atomic operations replaced");
STATISTIC(NumLoops, "Number of atomic updates made a loop over cas");
STATISTIC(NumSingleThread, "Number of atomics left: singlethread");
STATISTIC(NumNoFamily, "Number of atomics left: width without a function");
STATISTIC(NumOtherSpace, "Number of atomics left: address space");

namespace goc {

namespace {

/// C's memory_order, as the list passes it.
enum COrder { Relaxed = 0, Acquire = 2, Release = 3, AcqRel = 4, SeqCst = 5 };

COrder cOrder(AtomicOrdering Order) {
  switch (Order) {
  case AtomicOrdering::NotAtomic:
  case AtomicOrdering::Unordered:
  case AtomicOrdering::Monotonic:
    return Relaxed;
  case AtomicOrdering::Acquire:
    return Acquire;
  case AtomicOrdering::Release:
    return Release;
  case AtomicOrdering::AcquireRelease:
    return AcqRel;
  case AtomicOrdering::SequentiallyConsistent:
    return SeqCst;
  }
  llvm_unreachable("an atomic ordering that LLVM does not have");
}

/// The list's word for an update, empty where it has none.
StringRef updateName(AtomicRMWInst::BinOp Op) {
  switch (Op) {
  case AtomicRMWInst::Xchg:
    return "exchange";
  case AtomicRMWInst::Add:
    return "fetch_add";
  case AtomicRMWInst::Sub:
    return "fetch_sub";
  case AtomicRMWInst::And:
    return "fetch_and";
  case AtomicRMWInst::Or:
    return "fetch_or";
  case AtomicRMWInst::Xor:
    return "fetch_xor";
  case AtomicRMWInst::Nand:
    return "fetch_nand";
  default:
    return "";
  }
}

/// The value type and address of an atomic access.
std::pair<Type *, const Value *> operands(const Instruction &Inst) {
  if (auto *Load = dyn_cast<LoadInst>(&Inst))
    return {Load->getType(), Load->getPointerOperand()};
  if (auto *Store = dyn_cast<StoreInst>(&Inst))
    return {Store->getValueOperand()->getType(), Store->getPointerOperand()};
  if (auto *Update = dyn_cast<AtomicRMWInst>(&Inst))
    return {Update->getType(), Update->getPointerOperand()};
  auto &Cas = cast<AtomicCmpXchgInst>(Inst);
  return {Cas.getCompareOperand()->getType(), Cas.getPointerOperand()};
}

class Replacer {
public:
  Replacer(Instruction &Inst, Abi &Callees)
      : Inst(Inst), Callees(Callees), B(&Inst),
        DL(Inst.getModule()->getDataLayout()) {}

  void run() {
    if (auto *Fence = dyn_cast<FenceInst>(&Inst))
      return fence(*Fence);
    if (auto *Load = dyn_cast<LoadInst>(&Inst))
      return load(*Load);
    if (auto *Store = dyn_cast<StoreInst>(&Inst))
      return store(*Store);
    if (auto *Cas = dyn_cast<AtomicCmpXchgInst>(&Inst))
      return cas(*Cas);
    auto &Update = cast<AtomicRMWInst>(Inst);
    if (updateName(Update.getOperation()).empty())
      return updateLoop(Update);
    update(Update);
  }

private:
  Value *order(AtomicOrdering Order) { return B.getInt32(cOrder(Order)); }

  IntegerType *word(Type *Ty) {
    return B.getIntNTy(DL.getTypeStoreSizeInBits(Ty).getFixedValue());
  }

  Value *toWord(Value *V) {
    return B.CreateBitOrPointerCast(V, word(V->getType()));
  }

  Value *fromWord(Value *V, Type *Ty) {
    return V->getType() == Ty ? V : B.CreateBitOrPointerCast(V, Ty);
  }

  void finish(Value *Result) {
    if (Result) {
      Inst.replaceAllUsesWith(Result);
      if (Result->getType() != Inst.getType())
        llvm_unreachable("an atomic's replacement changed its type");
      if (isa<Instruction>(Result) && !Result->hasName())
        Result->takeName(&Inst);
    }
    Inst.eraseFromParent();
  }

  void fence(FenceInst &Fence) {
    bool Signal = Fence.getSyncScopeID() == SyncScope::SingleThread;
    B.CreateCall(Callees.get(Signal ? AbiCall::atomic_signal_fence
                                    : AbiCall::atomic_thread_fence),
                 {order(Fence.getOrdering())});
    finish(nullptr);
  }

  void load(LoadInst &Load) {
    Value *Word =
        B.CreateCall(Callees.atomicLoad(word(Load.getType())),
                     {Load.getPointerOperand(), order(Load.getOrdering())});
    finish(fromWord(Word, Load.getType()));
  }

  void store(StoreInst &Store) {
    Value *Word = toWord(Store.getValueOperand());
    B.CreateCall(Callees.atomicStore(word(Store.getValueOperand()->getType())),
                 {Store.getPointerOperand(), Word, order(Store.getOrdering())});
    finish(nullptr);
  }

  void update(AtomicRMWInst &Update) {
    Value *Word = toWord(Update.getValOperand());
    Value *Old = B.CreateCall(
        Callees.atomicUpdate(word(Update.getType()),
                             updateName(Update.getOperation())),
        {Update.getPointerOperand(), Word, order(Update.getOrdering())});
    finish(fromWord(Old, Update.getType()));
  }

  void cas(AtomicCmpXchgInst &Cas) {
    Type *Ty = Cas.getCompareOperand()->getType();
    Value *Expected = toWord(Cas.getCompareOperand());
    Value *Desired = toWord(Cas.getNewValOperand());
    Value *Old = B.CreateCall(Callees.atomicCas(word(Ty)),
                              {Cas.getPointerOperand(), Expected, Desired,
                               order(Cas.getSuccessOrdering()),
                               order(Cas.getFailureOrdering())});
    Value *Success = B.CreateICmpEQ(Old, Expected);
    Value *Pair = B.CreateInsertValue(PoisonValue::get(Cas.getType()),
                                      fromWord(Old, Ty), 0);
    finish(B.CreateInsertValue(Pair, Success, 1));
  }

  /// before:  %o = atomicrmw max ptr %p, i32 %v release
  /// after:   %f = load(%p, relaxed)
  ///   loop:  %o = phi [%f], [%now]
  ///          %n = max(%o, %v)
  ///          %now = cas(%p, %o, %n, release, relaxed)
  ///          br (%now == %o), done, loop
  void updateLoop(AtomicRMWInst &Update) {
    Type *Ty = Update.getType();
    IntegerType *Word = word(Ty);
    Value *Addr = Update.getPointerOperand();
    Value *First =
        B.CreateCall(Callees.atomicLoad(Word), {Addr, B.getInt32(Relaxed)});

    BasicBlock *Before = Inst.getParent();
    BasicBlock *Done = SplitBlock(Before, &Inst);
    BasicBlock *Loop = BasicBlock::Create(B.getContext(), "atomic.loop",
                                          Before->getParent(), Done);
    Before->getTerminator()->setSuccessor(0, Loop);

    B.SetInsertPoint(Loop);
    PHINode *Old = B.CreatePHI(Word, 2);
    Old->addIncoming(First, Before);
    Value *New = buildAtomicRMWValue(Update.getOperation(), B,
                                     fromWord(Old, Ty), Update.getValOperand());
    Value *Now =
        B.CreateCall(Callees.atomicCas(Word),
                     {Addr, Old, toWord(New), order(Update.getOrdering()),
                      B.getInt32(Relaxed)});
    // The update itself may have opened further blocks.
    Old->addIncoming(Now, B.GetInsertBlock());
    B.CreateCondBr(B.CreateICmpEQ(Now, Old), Done, Loop);

    B.SetInsertPoint(&Inst);
    ++NumLoops;
    finish(fromWord(Old, Ty));
  }

  Instruction &Inst;
  Abi &Callees;
  IRBuilder<> B;
  const DataLayout &DL;
};

} // namespace

bool isReplacedAtomic(const Instruction &Inst, const DataLayout &DL) {
  if (isa<FenceInst>(Inst))
    return true;
  if (!Inst.isAtomic())
    return false;
  if (!isSharedAtomic(Inst)) {
    ++NumSingleThread;
    return false;
  }
  auto [Ty, Addr] = operands(Inst);
  if (Addr->getType()->getPointerAddressSpace() != 0) {
    ++NumOtherSpace;
    return false;
  }
  if (!Abi::hasAtomic(DL.getTypeStoreSizeInBits(Ty).getFixedValue()) ||
      !CastInst::isBitOrNoopPointerCastable(
          Ty,
          IntegerType::get(Ty->getContext(),
                           DL.getTypeStoreSizeInBits(Ty).getFixedValue()),
          DL)) {
    ++NumNoFamily;
    return false;
  }
  return true;
}

void replaceAtomic(Instruction &Inst, Abi &Callees) {
  Replacer(Inst, Callees).run();
  ++NumAtomics;
}

} // namespace goc
