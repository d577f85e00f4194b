//===- Together.cpp - Checks of one object that are asked at once ---------===//

#include "instrument/Together.h"
#include "goc/race_inline.h"
#include "instrument/Bytes.h"
#include "instrument/Emit.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Support/CommandLine.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumSamePart,
          "Number of checks made as one with those of the same location");
STATISTIC(NumSameQuestion, "Number of checks asked together with others");

static cl::opt<bool>
    NoTogether("goc-race-no-together", cl::Hidden,
               cl::desc("Ask about each access of an object alone"));

namespace goc {

namespace {

constexpr int64_t WordSize = 8;
/// How far a question reaches: one line of the cache, of cells.
constexpr int64_t ReachMax = 64;
static_assert(ReachMax / WordSize < RACE_INLINE_CELLS,
              "it may begin in the middle of a word");

/// An access that may stand with others.
struct Candidate {
  unsigned Index; ///< among the checks, in their order
  int64_t First;  ///< distance from the base
  uint64_t Size;
};

/// What one location does to bytes that touch.
struct Piece {
  int64_t First;
  int64_t End;
  SmallVector<Candidate, 2> Of; ///< by address
};

/// Accesses of one base and kind, between two effects.
using Neighbours = SmallVector<Candidate, 4>;

class Grouper {
public:
  Grouper(ArrayRef<Access> Checks, SmallVectorImpl<Together> &Groups)
      : Checks(Checks), Groups(Groups), Taken(Checks.size()) {}

  void add(const Bytes &B, unsigned Index) {
    Open[B.IsWrite][B.Base].push_back({Index, B.First, B.Size});
  }

  /// Nothing that follows stands together with what was added so far.
  void close();

  bool isTaken(unsigned Index) const { return Taken.test(Index); }

private:
  std::optional<int64_t> wordBegin(ArrayRef<Candidate> All) const;
  SmallVector<Piece, 4> pieces(Neighbours &All) const;
  void group(Neighbours &All);
  void emit(ArrayRef<const Piece *> Pieces, std::optional<int64_t> Begin);

  ArrayRef<Access> Checks;
  SmallVectorImpl<Together> &Groups;
  BitVector Taken;                             ///< by index
  MapVector<const SCEV *, Neighbours> Open[2]; ///< reads, writes
};

/// A distance at which a word begins, if an access says so.
std::optional<int64_t> Grouper::wordBegin(ArrayRef<Candidate> All) const {
  for (const Candidate &C : All)
    if (Checks[C.Index].Alignment.value() >= WordSize)
      return C.First & (WordSize - 1);
  return std::nullopt;
}

/// All by location and address, in one piece as long as they touch.
SmallVector<Piece, 4> Grouper::pieces(Neighbours &All) const {
  DenseMap<const DILocation *, unsigned> Order; // as they come, not by pointer
  auto Location = [&](const Candidate &C) {
    return Order
        .try_emplace(Checks[C.Index].Inst->getDebugLoc().get(), Order.size())
        .first->second;
  };
  for (const Candidate &C : All)
    Location(C);
  sort(All, [&](const Candidate &A, const Candidate &B) {
    return std::tuple(Location(A), A.First, A.Index) <
           std::tuple(Location(B), B.First, B.Index);
  });
  SmallVector<Piece, 4> Result;
  unsigned Last = 0;
  for (const Candidate &C : All) {
    int64_t End = C.First + int64_t(C.Size);
    if (!Result.empty() && Location(C) == Last &&
        C.First <= Result.back().End && End - Result.back().First <= ReachMax) {
      Result.back().End = std::max(Result.back().End, End);
      Result.back().Of.push_back(C);
    } else {
      Result.push_back({C.First, End, {C}});
    }
    Last = Location(C);
  }
  sort(Result, [](const Piece &A, const Piece &B) {
    return std::tuple(A.First, A.Of.front().Index) <
           std::tuple(B.First, B.Of.front().Index);
  });
  return Result;
}

/// May the byte at A, and one at B or behind, lie in one word?
bool mayShareWord(int64_t A, int64_t B, std::optional<int64_t> Begin) {
  if (!Begin)
    return B - A < WordSize;
  auto Word = [&](int64_t At) { return (At - *Begin) >> 3; };
  return Word(A) >= Word(B);
}

void Grouper::group(Neighbours &All) {
  std::optional<int64_t> Begin = wordBegin(All);
  SmallVector<Piece, 4> Pieces = pieces(All);
  SmallVector<SmallVector<const Piece *, 4>, 2> Questions;
  for (const Piece &P : Pieces) {
    auto Fits = [&](ArrayRef<const Piece *> Question) {
      return P.End - Question.front()->First <= ReachMax &&
             !mayShareWord(Question.back()->End - 1, P.First, Begin);
    };
    auto *Found = find_if(Questions, Fits);
    if (Found == Questions.end())
      Found = &Questions.emplace_back();
    Found->push_back(&P);
  }
  for (ArrayRef<const Piece *> Question : Questions)
    if (Question.size() > 1 || Question.front()->Of.size() > 1)
      emit(Question, Begin);
}

void Grouper::emit(ArrayRef<const Piece *> Pieces,
                   std::optional<int64_t> Begin) {
  const Candidate *First = &Pieces.front()->Of.front();
  for (const Piece *P : Pieces)
    for (const Candidate &C : P->Of) {
      Taken.set(C.Index);
      if (C.Index < First->Index)
        First = &C;
    }
  Together &Group = Groups.emplace_back();
  Group.First = Checks[First->Index];
  if (Begin)
    Group.Byte = uint64_t(First->First - *Begin) & (WordSize - 1);
  for (const Piece *P : Pieces) {
    const Candidate &Lowest = P->Of.front();
    Align Alignment = Checks[Lowest.Index].Alignment;
    if (Begin)
      Alignment = std::max(Alignment,
                           commonAlignment(Align(WordSize), P->First - *Begin));
    Group.Parts.push_back({Checks[Lowest.Index].Inst, P->First - First->First,
                           uint64_t(P->End - P->First), Alignment});
    NumSamePart += P->Of.size() - 1;
  }
  NumSameQuestion += Pieces.size() - 1;
}

void Grouper::close() {
  for (auto &OfKind : Open) {
    for (auto &[Base, All] : OfKind)
      if (All.size() > 1)
        group(All);
    OfKind.clear();
  }
}

/// Is A made by a load, a store or a small copy, as the program says it?
bool mayStandTogether(const Access &A) {
  if (A.Inst->isVolatile() || A.Size > uint64_t(ReachMax))
    return false;
  auto *Mem = dyn_cast<MemIntrinsic>(A.Inst);
  return !Mem || !Emit::wantsCall(*Mem);
}

} // namespace

void chooseTogether(SmallVectorImpl<Access> &Checks,
                    SmallVectorImpl<Together> &Groups, const Order &Effect,
                    ScalarEvolution &SE) {
  if (NoTogether || Checks.size() < 2)
    return;
  Grouper Group(Checks, Groups);
  // Checks are block by block, each in order: what lies between two of one
  // block is walked once.
  const Instruction *At = nullptr;
  for (unsigned Index = 0; Index != Checks.size(); ++Index) {
    const Access &A = Checks[Index];
    if (!At || At->getParent() != A.Inst->getParent()) {
      Group.close();
      At = A.Inst;
    }
    for (; At != A.Inst; At = At->getNextNode())
      if (Effect.of(*At) != NoEffect)
        Group.close();
    std::optional<Bytes> B = bytesOf(A, SE);
    if (B && mayStandTogether(A))
      Group.add(*B, Index);
  }
  Group.close();
  unsigned Kept = 0;
  for (unsigned Index = 0; Index != Checks.size(); ++Index)
    if (!Group.isTaken(Index))
      Checks[Kept++] = Checks[Index];
  Checks.truncate(Kept);
}

} // namespace goc
