//===- RewriteFile.h - The plugin's part of goc-rewrite ---------*- C++ -*-===//

#ifndef GOC_PLUGIN_REWRITE_REWRITEFILE_H
#define GOC_PLUGIN_REWRITE_REWRITEFILE_H

#include "llvm/ADT/StringRef.h"

namespace clang {
class CompilerInstance;
} // namespace clang

namespace goc {

/// Write the lowered C of OUTER's main file, which has compiled without an
/// error, to the file OUTPUT, "-" for standard output.  Reports what prevents
/// it.
void rewriteFile(clang::CompilerInstance &Outer, llvm::StringRef Output);

} // namespace goc

#endif // GOC_PLUGIN_REWRITE_REWRITEFILE_H
