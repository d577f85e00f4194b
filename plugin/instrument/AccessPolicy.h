//===- AccessPolicy.h - Which accesses are checked --------------*- C++ -*-===//
//
// Decides; inserts nothing.  Instrument asks for a function's accesses before
// it changes anything, so that every answer is about the program as LLVM left
// it.
//
// A skip is right only if the check could never be one side of a race.  Each
// reason is a Skip with a STATISTIC and a test of its name in
// tests/plugin/instrument.  Checks that another check stands for are left out
// afterwards (Eliminate).
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_ACCESSPOLICY_H
#define GOC_PLUGIN_INSTRUMENT_ACCESSPOLICY_H

#include "instrument/Escape.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/Alignment.h"

namespace goc {

/// One plain access of the program: what Inst does to the bytes at Addr.
struct Access {
  llvm::Instruction *Inst = nullptr;
  llvm::Value *Addr =
      nullptr; ///< a pointer; a vector of them for gather and scatter
  llvm::Value *Length = nullptr; ///< in bytes, or null: Size says
  uint64_t Size = 0;             ///< in bytes, of one lane where Mask is set
  llvm::Align Alignment;         ///< known of Addr
  /// The lanes that take part: <N x i1>; as the intrinsic has it if it is
  /// x86's (takesPart, X86.h).
  llvm::Value *Mask = nullptr;
  unsigned Lanes = 0; ///< how many the mask is about, where Mask is set
  /// Where Mask is set, null or: a vector that says how many steps of Scale
  /// bytes beyond Addr each lane lies.
  llvm::Value *Index = nullptr;
  uint64_t Scale = 0;
  /// Where Mask is set, null or: how many bytes lie from each lane to the next.
  /// Then Mask counts the lanes that take part, from the first on, and each has
  /// Length bytes.
  llvm::Value *Stride = nullptr;
  bool Packed = false; ///< the lanes that take part lie side by side in memory
  bool IsWrite = false;
};

/// How a function is treated.
enum class Treatment {
  None,    ///< not a byte of it changes
  NoPlain, ///< calls, atomics and contexts, but no plain access ("goc-norace")
  Full     ///< everything
};

/// Why an access is not checked.
enum class Skip {
  No,             ///< it is
  NoSanitize,     ///< another instrumentation's own (!nosanitize)
  AddressSpace,   ///< not the flat memory that strands share
  SwiftError,     ///< a register in disguise
  Constant,       ///< nobody ever writes there
  CompilerGlobal, ///< llvm.*, coverage and profile counters
  LocalObject,    ///< an alloca or copied parameter that stays in the function
  LocalParameter, ///< where a parameter leads that is given only such addresses
  LocalBlock,     ///< a block of the heap that stays in the function
  ThreadLocal,    ///< a thread-local whose address stays on its thread; errno
};

class AccessPolicy {
public:
  AccessPolicy(const llvm::DataLayout &DL, Escape::LibraryOf Library)
      : DL(DL), Escapes(std::move(Library)) {}

  static Treatment treatment(const llvm::Function &F);

  /// Add to Accesses what is to be checked in F, block by block, each in order.
  void choose(llvm::Function &F, llvm::SmallVectorImpl<Access> &Accesses);

private:
  Skip skip(const llvm::Value *Addr, const llvm::Instruction *At, bool IsWrite);
  bool staysLocal(const llvm::AllocaInst *Object);
  bool staysOnThread(const llvm::GlobalVariable *Variable);
  Skip skip(const Access &A);

  const llvm::DataLayout &DL;
  Escape Escapes;
  /// Objects whose address is known not to escape, and those where it does.
  llvm::DenseMap<const llvm::Value *, bool> Stays;
};

/// The accesses that Inst itself makes, none for most instructions.  Memory
/// intrinsics and by-value arguments count; atomics are no plain accesses.
llvm::SmallVector<Access, 2> accessesOf(llvm::Instruction &Inst,
                                        const llvm::DataLayout &DL);

/// Is this an atomic that other threads can see?  singlethread ones are not.
bool isSharedAtomic(const llvm::Instruction &Inst);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_ACCESSPOLICY_H
