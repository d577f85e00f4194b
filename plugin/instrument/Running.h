//===- Running.h - The strand that runs a function --------------*- C++ -*-===//
//
// What inlined checks and contexts need, loaded once at a function's entry.
//
//   %strand = load volatile ptr, ptr @goc_race_current
//   %base   = load ptr, ptr @goc_race_shadow
//
// A function's activation belongs to one strand from its first instruction to
// its last, whatever thread it goes on with after it was parked; so the strand
// is read from the thread once and is right ever after, where reading it again
// could meet a thread's address that the compiler kept across a park.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_RUNNING_H
#define GOC_PLUGIN_INSTRUMENT_RUNNING_H

#include "instrument/Abi.h"
#include "llvm/IR/IRBuilder.h"

namespace goc {

/// How much likelier the inlined half is than the call beside it: a branch that
/// LLVM keeps out of line.
inline constexpr unsigned UnlikelyWeight = 1 << 14;

class Running {
public:
  Running(llvm::Function &F, Abi &Callees) : F(F), Callees(Callees) {}

  /// The strand.
  llvm::Value *strand();

  /// A field of the strand: its address.
  llvm::Value *field(llvm::IRBuilderBase &B, unsigned Offset);

  /// Where Addr's cell is; Mask is what the strand has at RACE_STRAND_CELLS.
  llvm::Value *cell(llvm::IRBuilderBase &B, llvm::Value *Addr,
                    llvm::Value *Mask);

  /// A load of what the detector changes: never moved or merged, and of no
  /// interest to other instrumentations.
  static llvm::LoadInst *load(llvm::IRBuilderBase &B, llvm::Type *Ty,
                              llvm::Value *Addr);

private:
  llvm::Value *shadow(llvm::Type *Ty, unsigned Offset, const char *Name);

  llvm::Function &F;
  Abi &Callees;
  llvm::Value *Strand = nullptr;
  llvm::Value *Base = nullptr;
};

/// Where F starts to run, behind its allocas, at the line of its name.
void startAtEntry(llvm::IRBuilder<> &B, llvm::Function &F);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_RUNNING_H
