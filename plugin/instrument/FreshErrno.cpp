//===- FreshErrno.cpp - Thread-local addresses are read anew --------------===//

#include "instrument/FreshErrno.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"

#define DEBUG_TYPE "goc-fresh-errno"

using namespace llvm;

STATISTIC(NumFreed, "Number of thread-local accessors no longer const");

namespace goc {

/// What glibc declares const and answers differently on every thread.
static constexpr StringLiteral ThreadAccessors[] = {
    "__errno_location",    "__h_errno_location", "__res_state",
    "pthread_self",        "thrd_current",       "__ctype_b_loc",
    "__ctype_tolower_loc", "__ctype_toupper_loc"};

bool isThreadAccessor(StringRef Name) {
  return is_contained(ThreadAccessors, Name);
}

PreservedAnalyses FreshErrnoPass::run(Module &M, ModuleAnalysisManager &) {
  bool Changed = false;
  for (StringRef Name : ThreadAccessors) {
    Function *F = M.getFunction(Name);
    if (!F || !F->isDeclaration())
      continue;
    F->removeFnAttr(Attribute::Memory);
    for (User *U : F->users())
      if (auto *Call = dyn_cast<CallBase>(U))
        Call->removeFnAttr(Attribute::Memory);
    ++NumFreed;
    Changed = true;
  }
  return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

void registerFreshErrno(PassBuilder &PB) {
  PB.registerPipelineStartEPCallback([](ModulePassManager &MPM, auto &&...) {
    MPM.addPass(FreshErrnoPass());
  });
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name != "goc-fresh-errno")
          return false;
        MPM.addPass(FreshErrnoPass());
        return true;
      });
}

} // namespace goc
