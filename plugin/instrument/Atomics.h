//===- Atomics.h - Atomic operations become calls ---------------*- C++ -*-===//
//
// C11 atomics and fences, by their order.  The callee performs the operation
// and models it, so that no other strand can come between the two.
//
//   %o = atomicrmw add ptr %p, i32 %v release
//   %o = call i32 @goc_race_atomic32_fetch_add(ptr %p, i32 %v, i32 3)
//
//   %r = cmpxchg weak ptr %p, i32 %e, i32 %d acq_rel acquire
//   %o = call i32 @goc_race_atomic32_cas(ptr %p, i32 %e, i32 %d, i32 4, i32 2)
//   %s = icmp eq i32 %o, %e                        ; %r = { %o, %s }
//
// Pointers and floats travel as integers of their width.  Updates without a
// function of their own (max, fadd, uinc_wrap…) become a loop over cas.
// syncscope("singlethread") operations are nobody else's business and stay; so
// do operations on the address of a width that has no family (LLVM makes them
// calls of libatomic).
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_ATOMICS_H
#define GOC_PLUGIN_INSTRUMENT_ATOMICS_H

#include "instrument/Abi.h"

namespace goc {

/// Is Inst an atomic operation or fence that Atomics replaces?
bool isReplacedAtomic(const llvm::Instruction &Inst,
                      const llvm::DataLayout &DL);

/// Replace Inst, for which isReplacedAtomic() holds; Inst is gone afterwards.
void replaceAtomic(llvm::Instruction &Inst, Abi &Callees);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_ATOMICS_H
