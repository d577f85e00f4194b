//===- SecondCompiler.h - Reads the file again ------------------*- C++ -*-===//
//
// goc-rewrite looks at the file up to three times: clang compiles it and says
// what is wrong, one pass sees its tokens before the words mean anything, one
// builds the tree that the new text is made from.  The last two are compilers
// inside the first, with its options and without its diagnostics.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_REWRITE_SECONDCOMPILER_H
#define GOC_PLUGIN_REWRITE_SECONDCOMPILER_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace clang {
class CompilerInstance;
class FrontendAction;
} // namespace clang

namespace goc {

/// The plugin argument that keeps the plugin out of a second compiler.
constexpr char InertArgument[] = "inert";

/// Run ACTION over OUTER's main file with TEXT in place of its contents, and
/// with DEFINES.  False where it does not compile.
bool runAgain(clang::CompilerInstance &Outer, clang::FrontendAction &Action,
              llvm::StringRef Text, const std::vector<std::string> &Defines);

} // namespace goc

#endif // GOC_PLUGIN_REWRITE_SECONDCOMPILER_H
