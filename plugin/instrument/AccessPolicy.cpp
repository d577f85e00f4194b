//===- AccessPolicy.cpp - Which accesses are checked ----------------------===//

#include "instrument/AccessPolicy.h"
#include "instrument/Compat.h"
#include "instrument/ConstantMemory.h"
#include "instrument/FreshErrno.h"
#include "instrument/X86.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumReads, "Number of reads to check");
STATISTIC(NumWrites, "Number of writes to check");
STATISTIC(NumNoSanitize,
          "Number of accesses skipped: another instrumentation's");
STATISTIC(NumAddressSpace, "Number of accesses skipped: address space");
STATISTIC(NumSwiftError, "Number of accesses skipped: swifterror");
STATISTIC(NumConstant, "Number of accesses skipped: constant memory");
STATISTIC(NumCompilerGlobal, "Number of accesses skipped: compiler's global");
STATISTIC(NumLocalObject, "Number of accesses skipped: local not captured");
STATISTIC(NumLocalBlock, "Number of accesses skipped: local block of the heap");
STATISTIC(NumLocalParameter,
          "Number of accesses skipped: local of the caller's");
STATISTIC(NumThreadLocal,
          "Number of accesses skipped: thread-local not captured");

namespace goc {

static void count(Skip Reason, bool IsWrite) {
  switch (Reason) {
  case Skip::No:
    IsWrite ? ++NumWrites : ++NumReads;
    return;
  case Skip::NoSanitize:
    ++NumNoSanitize;
    return;
  case Skip::AddressSpace:
    ++NumAddressSpace;
    return;
  case Skip::SwiftError:
    ++NumSwiftError;
    return;
  case Skip::Constant:
    ++NumConstant;
    return;
  case Skip::CompilerGlobal:
    ++NumCompilerGlobal;
    return;
  case Skip::LocalObject:
    ++NumLocalObject;
    return;
  case Skip::LocalParameter:
    ++NumLocalParameter;
    return;
  case Skip::LocalBlock:
    ++NumLocalBlock;
    return;
  case Skip::ThreadLocal:
    ++NumThreadLocal;
    return;
  }
}

bool isSharedAtomic(const Instruction &Inst) {
  // A load or store is atomic by its ordering, the others by their nature.
  std::optional<SyncScope::ID> Scope = getAtomicSyncScopeID(&Inst);
  return Scope && *Scope != SyncScope::SingleThread;
}

Treatment AccessPolicy::treatment(const Function &F) {
  if (F.isDeclaration() || F.hasFnAttribute(Attribute::Naked) ||
      F.hasFnAttribute(Attribute::DisableSanitizerInstrumentation))
    return Treatment::None;
  if (F.hasFnAttribute("goc-norace"))
    return Treatment::NoPlain;
  // Functions that nobody marked were made by the compiler since: constructors
  // of other instrumentations, and the like.
  return F.hasFnAttribute(Attribute::SanitizeThread) ? Treatment::Full
                                                     : Treatment::None;
}

//===----------------------------------------------------------------------===//
// What accesses memory
//===----------------------------------------------------------------------===//

static Access wholeAccess(Instruction &Inst, Value *Addr, Type *Ty, Align A,
                          bool IsWrite, const DataLayout &DL) {
  Access Result;
  Result.Inst = &Inst;
  Result.Addr = Addr;
  Result.Size = DL.getTypeStoreSize(Ty).getKnownMinValue();
  Result.Alignment = A;
  Result.IsWrite = IsWrite;
  return Result;
}

/// One side of a memory intrinsic.
static Access sideAccess(MemIntrinsic &Inst, Value *Addr, MaybeAlign A,
                         bool IsWrite) {
  Access Result;
  Result.Inst = &Inst;
  Result.Addr = Addr;
  Result.Alignment = A.valueOrOne();
  Result.IsWrite = IsWrite;
  if (auto *Known = dyn_cast<ConstantInt>(Inst.getLength()))
    Result.Size = Known->getZExtValue();
  else
    Result.Length = Inst.getLength();
  return Result;
}

/// A vector intrinsic with a mask.  Where its alignment stands differs among
/// LLVM's versions; lanes are taken as unaligned.
static std::optional<Access> maskedAccess(IntrinsicInst &Inst,
                                          const DataLayout &DL) {
  Access Result;
  Result.Inst = &Inst;
  Type *Vector = Inst.getType();
  unsigned Last = Inst.arg_size() - 1;
  switch (Inst.getIntrinsicID()) {
  case Intrinsic::masked_expandload:
    Result.Packed = true;
    [[fallthrough]];
  case Intrinsic::masked_load:
  case Intrinsic::masked_gather:
    Result.Addr = Inst.getArgOperand(0);
    Result.Mask = Inst.getArgOperand(Last - 1);
    break;
  case Intrinsic::masked_compressstore:
    Result.Packed = true;
    [[fallthrough]];
  case Intrinsic::masked_store:
  case Intrinsic::masked_scatter:
    Vector = Inst.getArgOperand(0)->getType();
    Result.Addr = Inst.getArgOperand(1);
    Result.Mask = Inst.getArgOperand(Last);
    Result.IsWrite = true;
    break;
  default:
    return std::nullopt;
  }
  if (!isa<FixedVectorType>(Vector))
    return std::nullopt;
  Result.Size = DL.getTypeStoreSize(Vector->getScalarType()).getFixedValue();
  Result.Lanes = cast<FixedVectorType>(Vector)->getNumElements();
  return Result;
}

SmallVector<Access, 2> accessesOf(Instruction &Inst, const DataLayout &DL) {
  SmallVector<Access, 2> Result;
  if (auto *Load = dyn_cast<LoadInst>(&Inst)) {
    if (!Load->isAtomic())
      Result.push_back(wholeAccess(Inst, Load->getPointerOperand(),
                                   Load->getType(), Load->getAlign(), false,
                                   DL));
  } else if (auto *Store = dyn_cast<StoreInst>(&Inst)) {
    if (!Store->isAtomic())
      Result.push_back(wholeAccess(Inst, Store->getPointerOperand(),
                                   Store->getValueOperand()->getType(),
                                   Store->getAlign(), true, DL));
  } else if (auto *Mem = dyn_cast<MemIntrinsic>(&Inst)) {
    if (auto *Transfer = dyn_cast<MemTransferInst>(Mem))
      Result.push_back(sideAccess(*Mem, Transfer->getRawSource(),
                                  Transfer->getSourceAlign(), false));
    Result.push_back(
        sideAccess(*Mem, Mem->getRawDest(), Mem->getDestAlign(), true));
  } else if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&Inst)) {
    if (std::optional<Access> Masked = maskedAccess(*Intrinsic, DL))
      Result.push_back(*Masked);
    else
      x86Accesses(*Intrinsic, DL, Result);
  } else if (auto *Call = dyn_cast<CallBase>(&Inst)) {
    // The caller copies what it passes by value.
    for (unsigned I = 0, E = Call->arg_size(); I != E; ++I)
      if (Type *Ty = Call->getParamByValType(I))
        Result.push_back(wholeAccess(Inst, Call->getArgOperand(I), Ty,
                                     Call->getParamAlign(I).valueOrOne(), false,
                                     DL));
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// What is left out
//===----------------------------------------------------------------------===//

static bool isCompilerGlobal(const GlobalVariable &Variable) {
  StringRef Name = Variable.getName();
  return Name.starts_with("llvm.") || Name.starts_with("__llvm_") ||
         Name.starts_with("__profc_") || Name.starts_with("__profd_");
}

bool AccessPolicy::staysLocal(const AllocaInst *Object) {
  auto [Known, New] = Stays.try_emplace(Object, false);
  if (New)
    Known->second = !mayBeCaptured(Object) || Escapes.isPrivate(Object);
  return Known->second;
}

/// Other modules may take the address of what they can name; within this one
/// every use must be an access on the spot.
bool AccessPolicy::staysOnThread(const GlobalVariable *Variable) {
  auto [Known, New] = Stays.try_emplace(Variable, false);
  if (New)
    Known->second =
        Variable->hasLocalLinkage() &&
        all_of(Variable->users(), [](const User *U) {
          auto *Address = dyn_cast<IntrinsicInst>(U);
          return Address &&
                 Address->getIntrinsicID() == Intrinsic::threadlocal_address &&
                 !mayBeCaptured(Address);
        });
  return Known->second;
}

/// May an access to Addr race?  Answers No or the reason.
Skip AccessPolicy::skip(const Value *Addr, const Instruction *At,
                        bool IsWrite) {
  if (!Addr->getType()->isPointerTy())
    return Skip::No; // gather and scatter: lanes of any origin
  if (Addr->getType()->getPointerAddressSpace() != 0)
    return Skip::AddressSpace;
  if (Addr->isSwiftError())
    return Skip::SwiftError;
  if (const AllocaInst *Object = findAllocaForValue(Addr))
    return staysLocal(Object) ? Skip::LocalObject : Skip::No;

  if (Escapes.isPrivate(Addr))
    return Skip::LocalObject;
  if (Escapes.isPrivateBlock(Addr, At))
    return Skip::LocalBlock;
  if (Escapes.isPrivateParameter(Addr))
    return Skip::LocalParameter;
  if (!IsWrite && isConstantMemory(Addr))
    return Skip::Constant;

  const Value *Base = getUnderlyingObject(Addr);
  if (auto *Variable = dyn_cast<GlobalVariable>(Base)) {
    if (isCompilerGlobal(*Variable))
      return Skip::CompilerGlobal;
    if (Variable->isThreadLocal() && staysOnThread(Variable))
      return Skip::ThreadLocal;
  }
  if (auto *Call = dyn_cast<CallBase>(Base))
    if (const Function *Callee = Call->getCalledFunction())
      if (isThreadAccessor(Callee->getName()))
        return Skip::ThreadLocal;
  return Skip::No;
}

Skip AccessPolicy::skip(const Access &A) {
  if (A.Inst->hasMetadata(LLVMContext::MD_nosanitize))
    return Skip::NoSanitize;
  if (!A.IsWrite && A.Inst->hasMetadata(LLVMContext::MD_invariant_load))
    return Skip::Constant;
  return skip(A.Addr, A.Inst, A.IsWrite);
}

void AccessPolicy::choose(Function &F, SmallVectorImpl<Access> &Accesses) {
  for (BasicBlock &BB : F)
    for (Instruction &Inst : BB)
      for (const Access &A : accessesOf(Inst, DL)) {
        Skip Reason = skip(A);
        count(Reason, A.IsWrite);
        if (Reason == Skip::No)
          Accesses.push_back(A);
      }
}

} // namespace goc
