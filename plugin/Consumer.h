//===- Consumer.h - What goc does with each declaration ---------*- C++ -*-===//
//
// Stands before code generation in clang's chain of consumers.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_CONSUMER_H
#define GOC_PLUGIN_CONSUMER_H

#include "clang/AST/ASTConsumer.h"
#include <memory>
#include <string>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace goc {

/// What the plugin's arguments ask for.
struct Options {
  /// Instrument the module for goc's race detector.
  bool Race = false;
  /// Do nothing: inside goc-rewrite's own passes.
  bool Inert = false;
  /// Where goc-rewrite wants its text; empty when compiling.
  std::string RewriteTo;
};

/// Will code generation write down how large the frames are that it makes, and
/// call nothing of its own accord?  Not where the linker generates the code,
/// nor where thread-local objects are asked for by calls.
bool mayKnowFrames(const clang::CompilerInstance &CI);

/// The consumer for the file that CI compiles.
std::unique_ptr<clang::ASTConsumer> makeConsumer(clang::CompilerInstance &CI,
                                                 const Options &Wanted);

} // namespace goc

#endif // GOC_PLUGIN_CONSUMER_H
