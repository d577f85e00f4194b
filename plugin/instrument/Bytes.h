//===- Bytes.h - Which bytes an access means --------------------*- C++ -*-===//
//
// Two accesses mean the same bytes where their addresses have the same symbolic
// value (ScalarEvolution) up to a constant.  A symbolic value names values of
// the program: it speaks of their last computation, and of the current turn of
// the loops that it counts.  Who compares two accesses that are apart must know
// that neither has changed between; dependsOn() says what to look for.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_BYTES_H
#define GOC_PLUGIN_INSTRUMENT_BYTES_H

#include "instrument/AccessPolicy.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

namespace goc {

struct Bytes {
  const llvm::SCEV *Base; ///< the address without its constant
  int64_t First;          ///< the constant
  uint64_t Size;
  bool IsWrite;

  bool operator==(const Bytes &B) const {
    return Base == B.Base && First == B.First && Size == B.Size &&
           IsWrite == B.IsWrite;
  }

  /// Does a check of these say all that a check of B says, in one epoch?
  bool cover(const Bytes &B) const {
    return Base == B.Base && (IsWrite || !B.IsWrite) && First <= B.First &&
           B.Size <= Size && uint64_t(B.First - First) <= Size - B.Size;
  }
};

/// The bytes of A, or nothing for an access that has no one address and size.
std::optional<Bytes> bytesOf(const Access &A, llvm::ScalarEvolution &SE);

/// What Base speaks of: the instructions whose values it names, and the headers
/// of the loops whose turns it counts.
struct Dependence {
  llvm::SmallVector<const llvm::Instruction *, 4> Values;
  llvm::SmallVector<const llvm::BasicBlock *, 4> Headers;
};
Dependence dependsOn(const llvm::SCEV *Base);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_BYTES_H
