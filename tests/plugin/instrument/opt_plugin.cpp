//===- opt_plugin.cpp - The race passes for opt ---------------------------===//
//
// goc_plugin.so brings clang's libraries along, whose options opt has already;
// this module has the passes alone.
//
//===----------------------------------------------------------------------===//

#include "Compat.h"
#include "instrument/FreshErrno.h"
#include "instrument/Instrument.h"
#include "instrument/Reach.h"
#include "llvm/Passes/PassBuilder.h"

static void registerPasses(llvm::PassBuilder &PB) {
  goc::registerFreshErrno(PB);
  goc::registerRacePasses(PB);
  goc::registerReachName(PB);
}

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT
    LLVM_ATTRIBUTE_WEAK llvm::PassPluginLibraryInfo
    llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "goc", "1", registerPasses};
}
