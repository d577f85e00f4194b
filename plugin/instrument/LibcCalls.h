//===- LibcCalls.h - Calls of libc go to their checking twins ---*- C++ -*-===//
//
//   call i64 @strlen(ptr %s)     →     call i64 @goc_race_libc_strlen(ptr %s)
//
// The twin has libc's prototype, checks what libc reads and writes of the
// caller's memory, and calls libc.  A pointer to the function becomes a pointer
// to its twin, so that qsort(…, strcmp) and tables of system calls are seen as
// well.  A module that defines the function itself keeps its own.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_LIBCCALLS_H
#define GOC_PLUGIN_INSTRUMENT_LIBCCALLS_H

#include "llvm/IR/Module.h"

namespace goc {

/// Redirect M's uses of RACE_ABI_LIBC's functions, except those in functions
/// whose plain accesses are not checked either.  Answers whether anything
/// changed.
bool redirectLibcCalls(llvm::Module &M);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_LIBCCALLS_H
