//===- SecondCompiler.cpp - Reads the file again --------------------------===//

#include "rewrite/SecondCompiler.h"

#include "Compat.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace clang;

namespace goc {

bool runAgain(CompilerInstance &Outer, FrontendAction &Action, StringRef Text,
              const std::vector<std::string> &Defines) {
  auto Invocation = std::make_shared<CompilerInvocation>(Outer.getInvocation());
  FrontendOptions &Frontend = Invocation->getFrontendOpts();
  Frontend.PluginArgs["goc"] = {InertArgument};
  Frontend.DisableFree = false;
  Invocation->getDependencyOutputOpts() = DependencyOutputOptions();
  PreprocessorOptions &Preprocessor = Invocation->getPreprocessorOpts();
  for (const std::string &Define : Defines)
    Preprocessor.addMacroDef(Define);
  StringRef File = Frontend.Inputs.front().getFile();
  Preprocessor.addRemappedFile(
      File, llvm::MemoryBuffer::getMemBufferCopy(Text, File).release());
  return secondCompiler(Outer, std::move(Invocation))->ExecuteAction(Action);
}

} // namespace goc
