//===- CallContext.h - Functions enter and leave ----------------*- C++ -*-===//
//
// Keeps the detector's picture of the call stack.
//
//   define void @f() {                   define void @f() {
//                                          %pc = call ptr
//                                          @llvm.returnaddress(i32 0) %t = call
//                                          i32 @goc_race_func_enter(ptr %pc)
//     …                          →         …
//                                          call void @goc_race_func_exit(i32
//                                          %t)
//     ret void                             ret void
//
// The exit stands at every way out: return, resume, before a musttail call, and
// on a landing pad of its own where a call may unwind.  After a call that
// returns twice (setjmp, vfork) the context is taken back to the token, which
// then lives in memory rather than in a register that the second return may
// find changed.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_CALLCONTEXT_H
#define GOC_PLUGIN_INSTRUMENT_CALLCONTEXT_H

#include "instrument/Running.h"

namespace goc {

/// Does F call anything whose stack would miss F without a context?
bool hasCalls(const llvm::Function &F);

/// Put the context into F, by calls; or inlined, where F is Running:
///
///   %depth = the strand's depth; is there room for one more?
///   yes: the frame at %depth gets the return address, and the depth is one
///   more no:  %depth = call i32 @goc_race_func_enter(ptr %pc) … the depth is
///   %depth again
///
/// Not inlined where a call returns twice.
void addCallContext(llvm::Function &F, Abi &Callees, Running *Run);

/// Does F call what returns twice?
bool returnsTwice(const llvm::Function &F);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_CALLCONTEXT_H
