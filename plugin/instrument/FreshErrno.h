//===- FreshErrno.h - Thread-local addresses are read anew ------*- C++ -*-===//
//
// A goroutine may continue on another thread after any call.  glibc declares
// the functions behind errno, pthread_self() and <ctype.h>
// __attribute__((const)), so the optimizer keeps their first answer for the
// whole function: after a park that is another thread's errno.  This pass takes
// the promise back, at the start of the pipeline, in race builds and others
// alike.
//
//   declare ptr @__errno_location() memory(none)      before
//   declare ptr @__errno_location()                   after
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_FRESHERRNO_H
#define GOC_PLUGIN_INSTRUMENT_FRESHERRNO_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/PassManager.h"

namespace llvm {
class PassBuilder;
} // namespace llvm

namespace goc {

struct FreshErrnoPass : llvm::PassInfoMixin<FreshErrnoPass> {
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Does libc's function of this name answer with something of the calling
/// thread alone?
bool isThreadAccessor(llvm::StringRef Name);

/// Run the pass first in every pipeline that PB builds; "goc-fresh-errno" for
/// opt.
void registerFreshErrno(llvm::PassBuilder &PB);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_FRESHERRNO_H
