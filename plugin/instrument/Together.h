//===- Together.h - Checks of one object that are asked at once -*- C++ -*-===//
//
//   p->x = a;   // 4:8                ask of both cells at once: all known?
//   p->y = b;   // 5:8          →       no: goc_race_write8(p)        // 4:8
//                                           goc_race_write8(p + 8)    // 5:8
//                                     p->x = a; p->y = b
//
//   for (i = 0; i < 4; i++)           ask of the four cells at once
//     p->v[i] = 0;  // 7:15     →       no: goc_race_write_range(p, 32) // 7:15
//   (unrolled)                        p->v[0] = 0; …
//
// Checks stand together, at the place of the first, where all of this holds:
//
//   They are of one block and nothing between the first and the last releases,
//   acquires or stops (Order.h).  So all accesses are made when the first is,
//   and a check at its place is of the epoch and the view of each: it conflicts
//   with the same accesses of others, and leaves the mark that each would.
//   What is left is a fault between two of them, as in front of a loop
//   (Ranges.h).
//
//   They are of one kind, and their addresses differ by constants (Bytes.h), so
//   that all are known where the first one is, and their cells are neighbours.
//
// What one location of the source does to bytes that touch or overlap, the
// turns of an unrolled loop, becomes one part: one call, and one mark a word.
// What other locations do stays a call of its own, so that every report has
// the line and column of its access.
//
// Two parts never stand in one question if they may share a word.  Each of them
// leaves a mark there, only the newer of which is in the cell: the question
// would be answered with no for as long as the epoch lasts.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_TOGETHER_H
#define GOC_PLUGIN_INSTRUMENT_TOGETHER_H

#include "instrument/AccessPolicy.h"
#include "instrument/Order.h"
#include "llvm/Analysis/ScalarEvolution.h"

namespace goc {

/// Checks that stand together.
struct Together {
  /// What one location does to bytes that touch.
  struct Part {
    llvm::Instruction *Of; ///< its debug location
    int64_t At;            ///< distance from the first access's address
    uint64_t Size;
    llvm::Align Alignment; ///< known of the part's beginning
  };
  Access First; ///< in front of which they stand
  /// Which byte of its word the first access's address points to, where one of
  /// the accesses says so.
  std::optional<uint64_t> Byte;
  llvm::SmallVector<Part, 4> Parts; ///< by address
};

/// Move from Checks to Groups what is better asked at once.  Changes nothing
/// of the function.
void chooseTogether(llvm::SmallVectorImpl<Access> &Checks,
                    llvm::SmallVectorImpl<Together> &Groups,
                    const Order &Effect, llvm::ScalarEvolution &SE);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_TOGETHER_H
