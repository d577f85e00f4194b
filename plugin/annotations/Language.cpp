//===- Language.cpp - The C that goc compiles -----------------------------===//

#include "annotations/Language.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;

namespace goc {

void enableLanguage(CompilerInstance &CI) {
  CI.getLangOpts().Blocks = true;
  Preprocessor &PP = CI.getPreprocessor();
  PP.setPredefines(PP.getPredefines() + "#define __GOC__ 1\n");
}

} // namespace goc
