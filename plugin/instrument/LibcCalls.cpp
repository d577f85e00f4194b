//===- LibcCalls.cpp - Calls of libc go to their checking twins -----------===//

#include "instrument/LibcCalls.h"
#include "instrument/Abi.h"
#include "instrument/AccessPolicy.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/Instructions.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumLibc, "Number of functions of libc redirected");
STATISTIC(NumLibcOwn,
          "Number of functions of libc left: the module defines them");

namespace goc {

/// Does this use run unchecked?
static bool isUnchecked(const Use &U) {
  auto *Inst = dyn_cast<Instruction>(U.getUser());
  return Inst &&
         AccessPolicy::treatment(*Inst->getFunction()) != Treatment::Full;
}

/// The twin writes the detector's state and may end the program: what LLVM
/// knows of libc's function does not hold for it.
static void forgetEffects(Function &Twin) {
  for (User *U : Twin.users())
    if (auto *Call = dyn_cast<CallBase>(U);
        Call && Call->getCalledOperand() == &Twin) {
      Call->removeFnAttr(Attribute::Memory);
      Call->removeFnAttr(Attribute::WillReturn);
      Call->addFnAttr(Attribute::NoMerge);
    }
}

static bool redirect(Module &M, StringRef Name) {
  Function *F = M.getFunction(Name);
  if (!F)
    return false;
  if (!F->isDeclaration()) {
    ++NumLibcOwn;
    return false;
  }
  if (all_of(F->uses(), isUnchecked))
    return false;
  FunctionCallee Callee = M.getOrInsertFunction(("goc_race_libc_" + Name).str(),
                                                F->getFunctionType());
  auto *Twin = cast<Function>(Callee.getCallee());
  if (F->doesNotThrow())
    Twin->setDoesNotThrow();
  F->replaceUsesWithIf(Twin, [](Use &U) { return !isUnchecked(U); });
  forgetEffects(*Twin);
  ++NumLibc;
  return true;
}

bool redirectLibcCalls(Module &M) {
  bool Changed = false;
  for (StringRef Name : Abi::libcNames())
    Changed |= redirect(M, Name);
  return Changed;
}

} // namespace goc
