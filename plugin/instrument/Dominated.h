//===- Dominated.h - Checks that another check says it for ------*- C++ -*-===//
//
// RedCard (Flanagan & Freund, ECOOP 2013) and BigFoot (Rhodes, Flanagan &
// Freund, PLDI 2017) in the terms of this detector.
//
// dropDominated: an access B needs no check if on every path to it a check of
// at least its bytes and its kind was made, and no release since (Order.h). The
// detector would answer B's check from the mark that the earlier one left in
// the same epoch (FastTrack's [READ SAME EPOCH], [WRITE SAME EPOCH]), and leave
// no mark.  Whatever conflicts with B conflicts with the earlier access, and
// has been reported with it or will be.
//
// dropCovered: an access A needs no check if on every path from it a check of
// at least its bytes and its kind is made, and nothing between releases,
// acquires or may keep the later check from being made.  Both checks are of one
// epoch and one view, so they conflict with the same accesses, whether those
// come before A, between, or after.  A race is then reported with the later
// access's line in place of A's.  A check is never put off past a back edge of
// the control flow graph: between the two lies a bounded number of
// instructions, and a loop that never ends keeps the checks in front of it.
//
// Both are must-analyses over the accesses that are to be checked, which they
// name by their bytes (Bytes.h); a computation of what a name speaks of ends
// what is known under the name.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_DOMINATED_H
#define GOC_PLUGIN_INSTRUMENT_DOMINATED_H

#include "instrument/AccessPolicy.h"
#include "instrument/Order.h"
#include "llvm/Analysis/ScalarEvolution.h"

namespace goc {

void dropDominated(llvm::Function &F, llvm::SmallVectorImpl<Access> &Checks,
                   const Order &Effect, llvm::ScalarEvolution &SE);

void dropCovered(llvm::Function &F, llvm::SmallVectorImpl<Access> &Checks,
                 const Order &Effect, llvm::ScalarEvolution &SE);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_DOMINATED_H
