//===- Escape.cpp - Memory that no other strand can reach -----------------===//

#include "instrument/Escape.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/MemoryBuiltins.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;

static cl::opt<bool>
    NoEscape("goc-race-no-escape", cl::Hidden,
             cl::desc("Follow no address through variables and calls"));

namespace goc {

/// Of goc_go.
enum : unsigned { GoEntry, GoArguments };

/// A variable that is loaded and stored as a whole, and nothing else: what is
/// stored there comes out of its loads and nowhere else.
static bool isSlot(const Value *Object) {
  auto *Slot = dyn_cast<AllocaInst>(Object);
  return Slot && all_of(Slot->users(), [&](const User *U) {
           if (auto *Load = dyn_cast<LoadInst>(U))
             return Load->getType()->isPointerTy() && !Load->isVolatile();
           if (auto *Store = dyn_cast<StoreInst>(U))
             return Store->getPointerOperand() == Slot &&
                    Store->getValueOperand() != Slot && !Store->isVolatile() &&
                    Store->getValueOperand()->getType()->isPointerTy();
           auto *Inst = dyn_cast<Instruction>(U);
           return Inst &&
                  (Inst->isLifetimeStartOrEnd() || Inst->isDebugOrPseudoInst());
         });
}

/// Is Object an array of cases that goc_select_private is called with, and
/// nobody else?  Adds to Loads what may be an address from there.
static bool isCases(const Value *Object,
                    SmallVectorImpl<const Value *> &Loads) {
  SmallVector<const Value *, 8> Next = {Object};
  if (!isa<AllocaInst>(Object))
    return false;
  while (!Next.empty())
    for (const Use &U : Next.pop_back_val()->uses()) {
      auto *Inst = dyn_cast<Instruction>(U.getUser());
      if (!Inst)
        return false;
      if (isa<GetElementPtrInst>(Inst)) {
        Next.push_back(Inst);
      } else if (isa<LoadInst>(Inst)) {
        Loads.push_back(Inst);
      } else if (isa<StoreInst, MemIntrinsic>(Inst)) {
        bool Into =
            isa<StoreInst>(Inst)
                ? U.getOperandNo() == StoreInst::getPointerOperandIndex()
                : U.getOperandNo() == 0; // not what is copied from there
        if (!Into || Inst->isVolatile())
          return false;
      } else if (auto *Call = dyn_cast<CallBase>(Inst)) {
        const Function *Callee = Call->getCalledFunction();
        bool Selects = Callee && Callee->isDeclaration() &&
                       Callee->getName() == "goc_select_private" &&
                       U.getOperandNo() == 0;
        if (!Selects && !Inst->isLifetimeStartOrEnd() &&
            !Inst->isDebugOrPseudoInst())
          return false;
      } else {
        return false;
      }
    }
  return true;
}

/// Does the runtime's goc_go take U as its operand of that number?
static bool isOperandOfGo(const Use &U, unsigned Number) {
  auto *Call = dyn_cast<CallBase>(U.getUser());
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  return Callee && Callee->isDeclaration() && Callee->getName() == "goc_go" &&
         Call->isArgOperand(&U) && Call->getArgOperandNo(&U) == Number;
}

bool Escape::isFree(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  LibFunc Func;
  return Callee && Callee->isDeclaration() &&
         Library(*Call.getFunction()).getLibFunc(*Callee, Func) &&
         Func == LibFunc_free;
}

bool Escape::isAllocation(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  LibFunc Func;
  return Callee && Callee->isDeclaration() &&
         Library(*Call.getFunction()).getLibFunc(*Callee, Func) &&
         (Func == LibFunc_malloc || Func == LibFunc_calloc ||
          Func == LibFunc_aligned_alloc);
}

/// The address is passed to a call.
void Escape::pass(const CallBase &Call, const Use &U, Trace &T,
                  SmallVectorImpl<const Value *> &Next) {
  if (!Call.isDataOperand(&U)) // called, not passed
    return;
  if (Call.isArgOperand(&U)) {
    unsigned Number = Call.getArgOperandNo(&U);
    if (isFree(Call)) {
      T.Frees.push_back(&Call);
      return;
    }
    if (Call.isByValArgument(Number) || isOperandOfGo(U, GoArguments))
      return; // the callee gets a copy of what is there
    if (Call.doesNotCapture(Number)) {
      if (!Call.hasFnAttr(Attribute::NoFree) &&
          !Call.paramHasAttr(Number, Attribute::NoFree))
        T.Frees.push_back(&Call); // realloc
      return;
    }
    if (Call.getIntrinsicID() == Intrinsic::launder_invariant_group ||
        Call.getIntrinsicID() == Intrinsic::strip_invariant_group ||
        Call.getIntrinsicID() == Intrinsic::ptrmask) {
      Next.push_back(&Call);
      return;
    }
    const Function *Callee = Call.getCalledFunction();
    if (Callee && Callee->hasExactDefinition() && Number < Callee->arg_size()) {
      const Trace &Inside = traceOf(Callee->getArg(Number));
      if (!Inside.Leaves) {
        if (!Inside.Frees.empty())
          T.Frees.push_back(&Call);
        if (Inside.IsReturned)
          Next.push_back(&Call);
        return;
      }
    }
  }
  T.Leaves = true;
}

/// One use of the address, or of one derived from it.
void Escape::use(const Use &U, Trace &T, SmallVectorImpl<const Value *> &Next) {
  auto *Inst = dyn_cast<Instruction>(U.getUser());
  if (!Inst) {
    T.Leaves = true;
    return;
  }
  switch (Inst->getOpcode()) {
  case Instruction::Load: // from there
  case Instruction::ICmp:
    return;
  case Instruction::GetElementPtr:
  case Instruction::BitCast:
  case Instruction::PHI:
  case Instruction::Select:
  case Instruction::Freeze:
    Next.push_back(Inst);
    return;
  case Instruction::Ret:
    T.IsReturned = true;
    return;
  case Instruction::Store:
    if (U.getOperandNo() == StoreInst::getPointerOperandIndex())
      return;
    if (!cast<StoreInst>(Inst)->isVolatile() &&
        isSlot(cast<StoreInst>(Inst)->getPointerOperand())) {
      for (const User *Load :
           cast<StoreInst>(Inst)->getPointerOperand()->users())
        if (isa<LoadInst>(Load))
          Next.push_back(Load);
      return;
    }
    if (isCases(getUnderlyingObject(Inst->getOperand(1)), Next))
      return;
    break;
  case Instruction::AtomicRMW:
    if (U.getOperandNo() == AtomicRMWInst::getPointerOperandIndex())
      return;
    break;
  case Instruction::AtomicCmpXchg:
    if (U.getOperandNo() == AtomicCmpXchgInst::getPointerOperandIndex())
      return;
    break;
  case Instruction::Call:
  case Instruction::Invoke:
    return pass(cast<CallBase>(*Inst), U, T, Next);
  default:
    break;
  }
  T.Leaves = true;
}

Escape::Trace Escape::follow(const Value *Object) {
  constexpr unsigned UsesMax = 500; // then it counts as leaving
  Trace T;
  SmallPtrSet<const Value *, 16> Seen;
  SmallVector<const Value *, 16> Next = {Object};
  unsigned Uses = 0;
  while (!Next.empty() && !T.Leaves) {
    const Value *Derived = Next.pop_back_val();
    if (!Seen.insert(Derived).second)
      continue;
    for (const Use &U : Derived->uses()) {
      if (++Uses > UsesMax)
        T.Leaves = true;
      if (T.Leaves)
        break;
      use(U, T, Next);
    }
  }
  return T;
}

/// While an object is being followed it counts as leaving, so that a recursive
/// function ends the search.
const Escape::Trace &Escape::traceOf(const Value *Object) {
  if (auto Found = Traces.find(Object); Found != Traces.end())
    return *Found->second;
  auto &Entry = Traces[Object] = std::make_unique<Trace>();
  Entry->Leaves = true;
  auto Result = std::make_unique<Trace>(follow(Object));
  return *(Traces[Object] = std::move(Result));
}

bool Escape::isPrivate(const Value *Addr) {
  if (NoEscape)
    return false;
  const Value *Object = findAllocaForValue(Addr);
  if (!Object) {
    auto *Parameter = dyn_cast<Argument>(getUnderlyingObject(Addr));
    if (!Parameter || !Parameter->hasByValAttr())
      return false;
    Object = Parameter;
  }
  const Trace &T = traceOf(Object);
  return !T.Leaves && !T.IsReturned;
}

/// May Free run before At, on the same block of memory?
static bool mayPrecede(const Instruction *Free, const Instruction *At,
                       const CallBase *Allocation) {
  if (Free->getParent() == At->getParent() && Free->comesBefore(At))
    return true;
  // Past the allocation it is another block.
  SmallPtrSet<BasicBlock *, 1> Anew = {
      const_cast<BasicBlock *>(Allocation->getParent())};
  SmallVector<BasicBlock *, 8> Next;
  for (const BasicBlock *After : successors(Free->getParent()))
    if (!Anew.contains(After))
      Next.push_back(const_cast<BasicBlock *>(After));
  return !Next.empty() &&
         isPotentiallyReachableFromMany(Next, At->getParent(), &Anew);
}

bool Escape::isPrivateBlock(const Value *Addr, const Instruction *At) {
  if (NoEscape)
    return false;
  auto *Block = dyn_cast<CallBase>(getUnderlyingObject(Addr));
  if (!Block || !isAllocation(*Block))
    return false;
  const Trace &T = traceOf(Block);
  return !T.Leaves && !T.IsReturned &&
         none_of(T.Frees, [&](const Instruction *Free) {
           return mayPrecede(Free, At, Block);
         });
}

/// Is Address, which Call passes, in private memory that is alive?  A parameter
/// of the caller's may be: that is left to be found out.
bool Escape::passes(const CallBase &Call, const Value *Address,
                    SmallVectorImpl<const Argument *> &Parameters) {
  if (isPrivate(Address) || isPrivateBlock(Address, &Call))
    return true;
  auto *Parameter = dyn_cast<Argument>(getUnderlyingObject(Address));
  if (Parameter)
    Parameters.push_back(Parameter);
  return Parameter != nullptr;
}

/// All parameters from which the address may come are looked at together, so
/// that a recursive function, which hands on its own, needs no assumption.
bool Escape::isPassedPrivate(const Argument *Parameter) {
  if (auto Found = PassedPrivate.find(Parameter); Found != PassedPrivate.end())
    return Found->second;
  SmallPtrSet<const Argument *, 8> Seen;
  SmallVector<const Argument *, 8> Next = {Parameter};
  while (!Next.empty()) {
    const Argument *A = Next.pop_back_val();
    if (!Seen.insert(A).second)
      continue;
    const Function *F = A->getParent();
    const Trace &Inside = traceOf(A);
    if (!F->hasLocalLinkage() || F->isVarArg() || Inside.Leaves ||
        !Inside.Frees.empty())
      return PassedPrivate[Parameter] = false;
    for (const Use &U : F->uses()) {
      auto *Call = dyn_cast<CallBase>(U.getUser());
      bool IsCall = Call && Call->isCallee(&U) &&
                    Call->getFunctionType() == F->getFunctionType();
      if (!isOperandOfGo(U, GoEntry) &&
          !(IsCall && passes(*Call, Call->getArgOperand(A->getArgNo()), Next)))
        return PassedPrivate[Parameter] = false;
    }
  }
  for (const Argument *A : Seen)
    PassedPrivate[A] = true;
  return true;
}

bool Escape::isPrivateParameter(const Value *Addr) {
  auto *Parameter = dyn_cast<Argument>(getUnderlyingObject(Addr));
  return !NoEscape && Parameter && Parameter->getType()->isPointerTy() &&
         isPassedPrivate(Parameter);
}

} // namespace goc
