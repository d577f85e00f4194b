//===- Order.cpp - What may order strands or end an epoch -----------------===//

#include "instrument/Order.h"
#include "instrument/AccessPolicy.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/CallGraph.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumTransparent, "Number of functions that order nothing");

namespace goc {

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

static unsigned ofOrdering(AtomicOrdering Ordering) {
  return (isReleaseOrStronger(Ordering) ? Releases : NoEffect) |
         (isAcquireOrStronger(Ordering) ? Acquires : NoEffect);
}

static unsigned ofAtomic(const Instruction &Inst) {
  // A sequentially consistent load releases nothing, and a store acquires
  // nothing (C17 7.17.3).
  if (auto *Load = dyn_cast<LoadInst>(&Inst))
    return ofOrdering(Load->getOrdering()) & Acquires;
  if (auto *Store = dyn_cast<StoreInst>(&Inst))
    return ofOrdering(Store->getOrdering()) & Releases;
  if (auto *Fence = dyn_cast<FenceInst>(&Inst))
    return ofOrdering(Fence->getOrdering());
  if (auto *Update = dyn_cast<AtomicRMWInst>(&Inst))
    return ofOrdering(Update->getOrdering());
  auto &Cas = cast<AtomicCmpXchgInst>(Inst);
  return ofOrdering(Cas.getSuccessOrdering()) |
         ofOrdering(Cas.getFailureOrdering());
}

/// What the declaration or the call site promises, whoever is called.
static unsigned ofPromises(const CallBase &Call) {
  unsigned Result = AnyEffect;
  // LLVM counts whatever may order (an acquiring load as well) as a write.
  if ((Call.hasFnAttr(Attribute::NoSync) &&
       Call.hasFnAttr(Attribute::NoFree)) ||
      (Call.onlyReadsMemory() && !Call.isInlineAsm()))
    Result &= ~unsigned(Releases | Acquires);
  if (Call.hasFnAttr(Attribute::WillReturn) && Call.doesNotThrow())
    Result &= ~unsigned(Stops);
  return Result;
}

unsigned Order::ofCall(const CallBase &Call) const {
  if (Call.isInlineAsm())
    return Call.mayHaveSideEffects() || Call.mayReadOrWriteMemory() ? AnyEffect
                                                                    : NoEffect;
  if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&Call))
    if (isa<MemIntrinsic>(Intrinsic) || Intrinsic->isAssumeLikeIntrinsic() ||
        Intrinsic->doesNotAccessMemory())
      return NoEffect;
  unsigned Result = ofPromises(Call);
  if (const Function *Callee = Call.getCalledFunction())
    if (auto Found = Known.find(Callee); Found != Known.end())
      Result &= Found->second;
  return Result;
}

unsigned Order::of(const Instruction &Inst) const {
  if (isSharedAtomic(Inst))
    return ofAtomic(Inst);
  if (auto *Call = dyn_cast<CallBase>(&Inst))
    return Inst.isDebugOrPseudoInst() ? NoEffect : ofCall(*Call);
  return NoEffect;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// Functions of libc that work on their arguments alone.  Their twins check
/// memory; neither they nor the twins order or free anything.
static bool isQuiet(LibFunc Func) {
  switch (Func) {
  case LibFunc_memcpy:
  case LibFunc_memmove:
  case LibFunc_memset:
  case LibFunc_memcmp:
  case LibFunc_bcmp:
  case LibFunc_memchr:
  case LibFunc_memrchr:
  case LibFunc_mempcpy:
  case LibFunc_memccpy:
  case LibFunc_memcpy_chk:
  case LibFunc_memmove_chk:
  case LibFunc_memset_chk:
  case LibFunc_strlen:
  case LibFunc_strnlen:
  case LibFunc_strcmp:
  case LibFunc_strncmp:
  case LibFunc_strcasecmp:
  case LibFunc_strncasecmp:
  case LibFunc_strcpy:
  case LibFunc_strncpy:
  case LibFunc_stpcpy:
  case LibFunc_stpncpy:
  case LibFunc_strcat:
  case LibFunc_strncat:
  case LibFunc_strchr:
  case LibFunc_strrchr:
  case LibFunc_strstr:
  case LibFunc_strspn:
  case LibFunc_strcspn:
  case LibFunc_strpbrk:
  case LibFunc_abs:
  case LibFunc_labs:
  case LibFunc_llabs:
  case LibFunc_isdigit:
  case LibFunc_isascii:
  case LibFunc_toascii:
    return true;
  default:
    return false;
  }
}

/// Functions of libm: they compute, and set errno, which is the thread's own.
static bool isMath(LibFunc Func) {
  switch (Func) {
#define EACH(NAME)                                                             \
  case LibFunc_##NAME:                                                         \
  case LibFunc_##NAME##f:                                                      \
  case LibFunc_##NAME##l:
    EACH(acos)
    EACH(acosh)
    EACH(asin)
    EACH(asinh)
    EACH(atan)
    EACH(atan2)
    EACH(atanh)
    EACH(cbrt)
    EACH(ceil)
    EACH(copysign)
    EACH(cos)
    EACH(cosh)
    EACH(exp)
    EACH(exp10)
    EACH(exp2)
    EACH(expm1)
    EACH(fabs)
    EACH(floor)
    EACH(fmax)
    EACH(fmin)
    EACH(fmod)
    EACH(frexp)
    EACH(ldexp)
    EACH(log)
    EACH(log10)
    EACH(log1p)
    EACH(log2)
    EACH(logb)
    EACH(modf)
    EACH(nearbyint)
    EACH(pow)
    EACH(rint)
    EACH(round)
    EACH(roundeven)
    EACH(sin)
    EACH(sinh)
    EACH(sqrt)
    EACH(tan)
    EACH(tanh)
    EACH(trunc)
#undef EACH
    return true;
  default:
    return false;
  }
}

/// A body without a cycle ends if all that it calls does.
static bool hasCycle(const Function &F) {
  SmallVector<std::pair<const BasicBlock *, const BasicBlock *>, 4> BackEdges;
  FindFunctionBackedges(F, BackEdges);
  return !BackEdges.empty();
}

unsigned Order::ofBody(const Function &F) const {
  unsigned Result = NoEffect;
  for (const Instruction &Inst : instructions(F))
    if ((Result |= of(Inst)) == AnyEffect)
      return AnyEffect;
  if (F.hasFnAttribute(Attribute::WillReturn) && F.doesNotThrow())
    Result &= ~unsigned(Stops);
  else if (hasCycle(F))
    Result |= Stops;
  return Result;
}

Order::Order(Module &M, LibraryOf Library) {
  for (const Function &F : M) {
    LibFunc Func;
    if (F.isDeclaration() && !F.isIntrinsic() && F.doesNotThrow() &&
        Library(F).getLibFunc(F, Func) && (isQuiet(Func) || isMath(Func)))
      Known[&F] = NoEffect;
  }
  CallGraph Graph(M);
  for (auto SCC = scc_begin(&Graph); !SCC.isAtEnd(); ++SCC) {
    SmallVector<const Function *, 4> Members;
    bool Replaceable = false; // by another definition, when linking
    for (CallGraphNode *Node : *SCC) {
      const Function *F = Node->getFunction();
      if (F && F->isDeclaration())
        continue;
      Replaceable |= !F || !F->hasExactDefinition();
      Members.push_back(F);
    }
    if (Replaceable || Members.empty())
      continue;
    // Members that call each other add nothing to what the others do, except
    // that they may do so for ever.
    unsigned All = SCC.hasCycle() ? Stops : NoEffect;
    for (const Function *F : Members)
      Known[F] = NoEffect;
    for (const Function *F : Members)
      All |= ofBody(*F);
    for (const Function *F : Members)
      Known[F] = All;
    NumTransparent += All == NoEffect ? Members.size() : 0;
  }
}

} // namespace goc
