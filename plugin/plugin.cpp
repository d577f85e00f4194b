//===- plugin.cpp - Registration of goc's plugin --------------------------===//
//
// One shared object serves both hosts: clang loads it with -fplugin= and finds
// the action "goc"; opt loads it with -load-pass-plugin= and finds the race
// passes.  Under clang the action itself hands the passes to code generation,
// so that one -fplugin= is enough.
//
// Arguments (-fplugin-arg-goc-NAME):
//   race            instrument the module for goc's race detector
//   rewrite=FILE    write the lowered C to FILE ("-": standard output)
//   inert           do nothing; goc-rewrite's own passes over the file
//
//===----------------------------------------------------------------------===//

#include "Compat.h"
#include "Consumer.h"
#include "annotations/NoRace.h"
#include "instrument/FreshErrno.h"
#include "instrument/Instrument.h"
#include "instrument/Reach.h"
#include "rewrite/SecondCompiler.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "llvm/Passes/PassBuilder.h"

using namespace clang;

namespace {

class GocAction : public PluginASTAction {
public:
  bool ParseArgs(const CompilerInstance &CI,
                 const std::vector<std::string> &Args) override {
    for (StringRef Arg : Args) {
      if (Arg == "race") {
        Wanted.Race = true;
      } else if (Arg == goc::InertArgument) {
        Wanted.Inert = true;
      } else if (Arg.consume_front("rewrite=")) {
        Wanted.RewriteTo = Arg.str();
      } else {
        DiagnosticsEngine &Diags = CI.getDiagnostics();
        Diags.Report(Diags.getCustomDiagID(DiagnosticsEngine::Error,
                                           "goc's plugin has no argument '%0'"))
            << Arg;
        return false;
      }
    }
    return true;
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 StringRef) override {
    auto &Callbacks = CI.getCodeGenOpts().PassBuilderCallbacks;
    Callbacks.push_back(goc::registerFreshErrno);
    std::vector<std::unique_ptr<ASTConsumer>> Consumers;
    Consumers.push_back(goc::makeConsumer(CI, Wanted));
    if (Wanted.Race) {
      Callbacks.push_back(goc::registerRacePasses);
      Consumers.push_back(goc::makeNoRaceConsumer());
    } else if (goc::mayKnowFrames(CI)) {
      Callbacks.push_back(goc::registerReach);
    }
    return std::make_unique<MultiplexConsumer>(std::move(Consumers));
  }

  ActionType getActionType() override { return AddBeforeMainAction; }

private:
  goc::Options Wanted;
};

} // namespace

static FrontendPluginRegistry::Add<GocAction>
    Registered("goc", "Go's concurrency for C: go, chan_select, -race");

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
