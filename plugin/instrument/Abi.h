//===- Abi.h - The functions that instrumented code calls -------*- C++ -*-===//
//
// The callee table of race_abi.def for one module.  No other file of the plugin
// spells the name of a function of the detector.
//
// Invariants: a callee is declared at its first use; checks carry attributes
// that keep them in place (nomerge: one call site, one source line) yet let
// LLVM keep the program's own memory in registers across them (they touch none
// of it; what they change of the detector's is read by atomic loads, which stay
// where they are).
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_ABI_H
#define GOC_PLUGIN_INSTRUMENT_ABI_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace goc {

/// RACE_ABI(NAME, …) in the list is AbiCall::NAME.
enum class AbiCall {
#define RACE_ABI(Name, Result, Parameters) Name,
#include "goc/race_abi.def"
};

class Abi {
public:
  explicit Abi(llvm::Module &M) : M(M) {}

  /// The function goc_race_NAME, declared if it is not yet.
  llvm::FunctionCallee get(AbiCall Call);

  /// The data that inlined checks read (goc/race_inline.h): the thread's
  /// strand, and where cells are.
  llvm::GlobalVariable *current();
  llvm::GlobalVariable *shadow();

  /// A call of get(Call), under its convention.
  llvm::CallInst *call(llvm::IRBuilderBase &B, AbiCall Call,
                       llvm::ArrayRef<llvm::Value *> Arguments);

  /// goc_race_atomicBITS_OPERATION over T, the integer of that width; OPERATION
  /// is the list's own word: "load", "fetch_add".
  llvm::FunctionCallee atomicLoad(llvm::IntegerType *T);
  llvm::FunctionCallee atomicStore(llvm::IntegerType *T);
  llvm::FunctionCallee atomicUpdate(llvm::IntegerType *T,
                                    llvm::StringRef Operation);
  llvm::FunctionCallee atomicCas(llvm::IntegerType *T);

  /// Is there an atomic family for this width?
  static bool hasAtomic(unsigned Bits);

  /// The functions of libc that have a checking twin goc_race_libc_NAME.
  static llvm::ArrayRef<llvm::StringLiteral> libcNames();

  /// The version that this plugin was built for.
  static unsigned version();

private:
  llvm::FunctionCallee atomic(llvm::IntegerType *T, llvm::StringRef Operation,
                              llvm::Type *Result,
                              llvm::ArrayRef<llvm::Type *> Parameters);

  llvm::Module &M;
};

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_ABI_H
