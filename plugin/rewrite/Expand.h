//===- Expand.h - Brings words out of the user's macros ---------*- C++ -*-===//
//
// A word may stand in a macro of the user's own:
//
//   #define SPAWN(f, x) go f(x)
//   SPAWN(worker, 3);
//
// Text can be rewritten only where it is written, so each outermost use of a
// macro that holds a word is replaced by what it expands to, with the words
// left as they are: for that <goc.h> leaves them undefined.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_REWRITE_EXPAND_H
#define GOC_PLUGIN_REWRITE_EXPAND_H

#include <optional>
#include <string>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace goc {

/// The main file's text after that; nothing where it cannot be read.
std::optional<std::string> expandMacros(clang::CompilerInstance &Outer);

} // namespace goc

#endif // GOC_PLUGIN_REWRITE_EXPAND_H
