//===- NoRace.h - Functions that ask not to be checked ----------*- C++ -*-===//
//
// __attribute__((no_sanitize("thread"))) leaves no trace in the module unless
// clang itself sanitizes threads.  Code that carries it for TSan means every
// race detector, so it is written down where the race passes find it:
//
//   __attribute__((no_sanitize("thread"))) int f(void)
//   __attribute__((no_sanitize("thread"), annotate("goc_norace"))) int f(void)
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_NORACE_H
#define GOC_PLUGIN_ANNOTATIONS_NORACE_H

#include "clang/AST/ASTConsumer.h"
#include <memory>

namespace goc {

/// A consumer that annotates such functions before code generation sees them.
std::unique_ptr<clang::ASTConsumer> makeNoRaceConsumer();

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_NORACE_H
