//===- Reach.h - What a go statement's function can reach -------*- C++ -*-===//
//
// Where all the code is known that a goroutine can run, the runtime may give it
// a small stack.  How large the frames are is known only after code generation;
// so this pass writes down which functions there are, and the runtime adds up
// (runtime/sched/reach.h):
//
//   call void @goc_go(ptr @trampoline, ptr %args, i64 8)
//
// becomes
//
//   @goc.reach = internal global { i64 0, ptr @goc__reach_decide,
//     ptr @trampoline, i64 2, [n x i64] [
//       ptrtoint (@worker), 24, 0,            its callees before itself
//       ptrtoint (@trampoline), 16, 1, 0 ] }
//   call void @goc_go_reaching(ptr @goc.reach, ptr %args, i64 8)
//
// if nothing that is reached is recursive, calls what is not defined here, but
// for the runtime's functions of SmallCalls.def, or is compiled to something of
// which the size is not written down: see whyUnknown.
//
// Position.  OptimizerLast: what is inlined has been, and the calls are those
// of the code; code generation adds none but memcpy and its kind.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_REACH_H
#define GOC_PLUGIN_INSTRUMENT_REACH_H

#include "llvm/IR/PassManager.h"

namespace llvm {
class PassBuilder;
} // namespace llvm

namespace goc {

/// "goc-reach" for opt.
struct ReachPass : llvm::PassInfoMixin<ReachPass> {
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Put the pass where it belongs in every pipeline that PB builds.
void registerReach(llvm::PassBuilder &PB);

/// Teach PB the name for -passes=.
void registerReachName(llvm::PassBuilder &PB);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_REACH_H
