//===- Instrument.h - Race instrumentation of a module ----------*- C++ -*-===//
//
// The pass that makes a module tell the race detector what it does:
//
//   plain accesses         are preceded by a check                  (Emit)
//   atomics and fences     become calls that perform and model them (Atomics)
//   functions              enter and leave the calling context (CallContext)
//   calls of libc          go to a twin that checks their memory    (LibcCalls)
//   the module             announces its ABI version before main    (Abi)
//
// The callees come from detector/include/goc/race_abi.def.  What is left out,
// and why, is AccessPolicy's to say; this pass only walks and composes.
//
// Position.  Functions are marked at the start of the pipeline with the
// attribute sanitize_thread, so that LLVM neither speculates nor widens their
// loads, and are instrumented at OptimizerEarly: after inlining and scalar
// simplification, before the vectorizers.  LLVM's TSan pass runs later, at
// OptimizerLast; there a vectorized loop over one field of a struct loads the
// fields between as well, and a check of that load reports races that the
// source does not have.  -race=both thereby gets the order it needs: ours
// first.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_INSTRUMENT_H
#define GOC_PLUGIN_INSTRUMENT_INSTRUMENT_H

#include "llvm/IR/PassManager.h"

namespace llvm {
class PassBuilder;
} // namespace llvm

namespace goc {

/// Choose what of this module is instrumented, before anything is inlined.
/// While the types are those of the source, what their members are is noted
/// (Members).
///
/// Every defined function gets sanitize_thread, as -fsanitize=thread gives it,
/// unless it carries __attribute__((annotate("goc_norace"))): then it gets the
/// string attribute "goc-norace", which keeps its calls and atomics visible and
/// its plain accesses unchecked.  In a module that clang compiles with
/// -fsanitize=thread, clang has chosen already; a function it left out becomes
/// "goc-norace".
struct RaceMarkPass : llvm::PassInfoMixin<RaceMarkPass> {
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Instrument the marked functions.  "goc-race" for opt; with checks that are
/// calls in every function, not only in those that are to be small or are not
/// optimised, "goc-race<calls>".
struct RacePass : llvm::PassInfoMixin<RacePass> {
  explicit RacePass(bool Inline = true) : Inline(Inline) {}
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &AM);
  static bool isRequired() { return true; }

private:
  bool Inline;
};

/// Put both passes where they belong in every pipeline that PB builds, and
/// teach it the names "goc-race-mark" and "goc-race" for -passes=.
void registerRacePasses(llvm::PassBuilder &PB);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_INSTRUMENT_H
