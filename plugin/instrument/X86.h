//===- X86.h - What x86's own intrinsics access -----------------*- C++ -*-===//
//
// Most vector code is plain IR.  What intrinsics of the processor's own access
// is known by their names, which LLVM keeps: it upgrades old ones.  By lanes,
// under a mask, whose form differs: bits, an integer of bits, or a vector the
// signs of whose elements are meant.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_X86_H
#define GOC_PLUGIN_INSTRUMENT_X86_H

#include "instrument/AccessPolicy.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

namespace goc {

/// Add to Accesses those that Inst makes, if it is such an intrinsic.
void x86Accesses(llvm::IntrinsicInst &Inst, const llvm::DataLayout &DL,
                 llvm::SmallVectorImpl<Access> &Accesses);

/// At B: does Lane of A take part, whatever its mask is?  An i1.
llvm::Value *takesPart(llvm::IRBuilderBase &B, const Access &A, unsigned Lane);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_X86_H
