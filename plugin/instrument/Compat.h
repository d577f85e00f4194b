//===- Compat.h - What differs among LLVM's majors --------------*- C++ -*-===//
//
// The passes build against LLVM 19 to 22.  Every difference that they meet
// stands here, behind a name of ours; no other file of theirs tests the
// version.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_COMPAT_H
#define GOC_PLUGIN_INSTRUMENT_COMPAT_H

#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Argument.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace goc {

/// May the address Object leave its function?  Returning it counts.
inline bool mayBeCaptured(const llvm::Value *Object) {
#if LLVM_VERSION_MAJOR >= 21
  return llvm::PointerMayBeCaptured(Object, /*ReturnCaptures=*/true);
#else
  return llvm::PointerMayBeCaptured(Object, /*ReturnCaptures=*/true,
                                    /*StoreCaptures=*/true);
#endif
}

/// The callee keeps no copy of the pointer in A.
inline void addNoCapture(llvm::Argument &A) {
#if LLVM_VERSION_MAJOR >= 21
  A.addAttr(llvm::Attribute::getWithCaptureInfo(A.getContext(),
                                                llvm::CaptureInfo::none()));
#else
  A.addAttr(llvm::Attribute::NoCapture);
#endif
}

/// Is the module for Linux on amd64?
inline bool isAmd64Linux(const llvm::Module &M) {
  llvm::Triple Target(M.getTargetTriple());
  return Target.getArch() == llvm::Triple::x86_64 && Target.isOSLinux() &&
         !Target.isX32();
}

/// An expander of symbolic values whose instructions are called Name.
inline llvm::SCEVExpander makeExpander(llvm::ScalarEvolution &SE,
                                       const llvm::DataLayout &DL,
                                       const char *Name) {
#if LLVM_VERSION_MAJOR >= 22
  (void)DL;
  return llvm::SCEVExpander(SE, Name);
#else
  return llvm::SCEVExpander(SE, DL, Name);
#endif
}

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_COMPAT_H
