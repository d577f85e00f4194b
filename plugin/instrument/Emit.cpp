//===- Emit.cpp - Checks of plain accesses --------------------------------===//

#include "instrument/Emit.h"
#include "goc/race_inline.h"
#include "instrument/X86.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/KnownBits.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace goc {

/// Copies of known size up to this many bytes stay inline: two checks beside a
/// few moves are cheaper than a call that must find out what to move.
static constexpr uint64_t InlineCopyMax = 64;

/// The calls that check an access of one size.
struct SizedCalls {
  AbiCall Entered, InLeaf;
};

/// The check of an aligned access, or none of that size.
static std::optional<SizedCalls> wordCheck(uint64_t Size, bool IsWrite) {
  switch (Size) {
#define SIZED(N)                                                               \
  case N:                                                                      \
    return IsWrite ? SizedCalls{AbiCall::write##N, AbiCall::leaf_write##N}     \
                   : SizedCalls{AbiCall::read##N, AbiCall::leaf_read##N};
    SIZED(1)
    SIZED(2)
    SIZED(4)
    SIZED(8)
    SIZED(16)
#undef SIZED
  default:
    return std::nullopt;
  }
}

void Emit::call(IRBuilderBase &B, AbiCall Entered, AbiCall InLeaf,
                ArrayRef<Value *> Arguments) {
  if (!Leaf) {
    Callees.call(B, Entered, Arguments);
    return;
  }
  SmallVector<Value *, 3> WithCaller(Arguments);
  WithCaller.push_back(
      B.CreateIntrinsic(Intrinsic::returnaddress, {}, {B.getInt32(0)}));
  Callees.call(B, InLeaf, WithCaller);
}

//===----------------------------------------------------------------------===//
// The likely half
//===----------------------------------------------------------------------===//

/// What must be zero of cell xor expect for an access of the bytes that Bytes
/// has ones for.
static uint64_t maskOf(uint64_t Bytes, bool IsWrite) {
  uint64_t Mask = (uint64_t(1) << RACE_CELL_LEAF_BIT) -
                  (uint64_t(1) << RACE_CELL_EPOCH_BIT);
  Mask |= uint64_t(1) << RACE_CELL_FREE_BIT;
  Mask |= uint64_t(1) << RACE_CELL_ATOMIC_BIT;
  Mask |= uint64_t(1) << RACE_CELL_LOCK_BIT;
  if (IsWrite)
    Mask |= uint64_t(1) << RACE_CELL_WRITE_BIT;
  return Mask | Bytes;
}

static constexpr uint64_t WordSize = 8;
static constexpr unsigned WordShift = 3;
static constexpr uint64_t AllBytes = 0xff;

/// Which byte of its word Addr points to, where that is known: of itself, or
/// because of what it is a constant distance from.
std::optional<uint64_t> Emit::byteInWord(Value *Addr, Align Alignment) const {
  constexpr uint64_t Low = WordSize - 1;
  if (Alignment.value() >= WordSize)
    return 0;
  KnownBits Known = computeKnownBits(Addr, DL);
  if (((Known.Zero | Known.One) & Low) == Low)
    return Known.One.getZExtValue() & Low;
  APInt Distance(DL.getIndexTypeSizeInBits(Addr->getType()), 0);
  auto Origin =
      Origins.find(Addr->stripAndAccumulateConstantOffsets(DL, Distance, true));
  if (Origin == Origins.end())
    return std::nullopt;
  return (Origin->second + Distance.getZExtValue()) & Low;
}

void Emit::learn(const Value *Addr, uint64_t Byte) {
  APInt Distance(DL.getIndexTypeSizeInBits(Addr->getType()), 0);
  const Value *Origin =
      Addr->stripAndAccumulateConstantOffsets(DL, Distance, true);
  Origins[Origin] = (Byte - Distance.getZExtValue()) & (WordSize - 1);
}

void Emit::learn(const Access &A) {
  if (!A.Mask && A.Alignment.value() >= WordSize)
    learn(A.Addr, 0);
}

void Emit::learn(const Together &Group) {
  if (Group.Byte)
    learn(Group.First.Addr, *Group.Byte);
}

/// Puts one question together.
class Emit::Asking {
public:
  Asking(IRBuilderBase &B, Running &Run, bool IsWrite)
      : B(B), Run(Run), IsWrite(IsWrite),
        Expect(
            Running::load(B, B.getInt64Ty(), Run.field(B, RACE_STRAND_EXPECT))),
        Cells(Running::load(B, B.getInt64Ty(),
                            Run.field(B, RACE_STRAND_CELLS))) {}

  void askKnown(Value *Addr, uint64_t Byte, ArrayRef<Span> Spans);
  void askAnywhere(Value *Addr, const Span &S);

  /// Not zero: somebody must find out.
  Value *unknown() const { return Unknown; }

private:
  Value *low(Value *Addr) {
    return B.CreateAnd(B.CreatePtrToInt(Addr, B.getInt64Ty()), WordSize - 1);
  }
  /// A cell, and those of the words behind.
  Value *cellOf(Value *Addr) { return Run.cell(B, Addr, Cells); }
  Value *differs(Value *Cell, uint64_t Words = 0);
  void add(Value *Differs, Value *Mask);
  Value *withKind(Value *Bytes) {
    return B.CreateOr(Bytes, maskOf(0, IsWrite));
  }
  Value *whole() { return B.getInt64(maskOf(AllBytes, IsWrite)); }

  IRBuilderBase &B;
  Running &Run;
  bool IsWrite;
  Value *Expect;
  Value *Cells;
  Value *Unknown = nullptr;
};

/// How the cell that lies Words behind Cell differs from what is expected.
/// Neighbours of a cell are the cells of the neighbours: the mask of addresses
/// takes away no bit in which words of one object differ, because a multiple of
/// the reservation's size lies in the reservation (detector/state/shadow.h).
/// While accesses go unseen all of RACE_INLINE_CELLS there say that all is
/// known.
Value *Emit::Asking::differs(Value *Cell, uint64_t Words) {
  if (Words != 0)
    Cell = B.CreatePtrAdd(Cell, B.getInt64(Words * WordSize));
  return B.CreateXor(Running::load(B, B.getInt64Ty(), Cell), Expect);
}

void Emit::Asking::add(Value *Differs, Value *Mask) {
  Value *More = B.CreateAnd(Differs, Mask);
  Unknown = Unknown ? B.CreateOr(Unknown, More) : More;
}

/// It is known how the words lie: one load for each, and one mask for all that
/// are asked about as a whole.
void Emit::Asking::askKnown(Value *Addr, uint64_t Byte, ArrayRef<Span> Spans) {
  MapVector<int64_t, uint64_t> Words; // bytes of each, by its distance
  for (const Span &S : Spans)
    for (int64_t At = S.At; At != S.At + int64_t(S.Size); ++At) {
      int64_t InWords = At + int64_t(Byte);
      Words[InWords >> WordShift] |= uint64_t(1) << (InWords & (WordSize - 1));
    }
  int64_t Lowest = Words.front().first;
  if (Lowest != 0)
    Addr = B.CreatePtrAdd(Addr, B.getInt64(Lowest * int64_t(WordSize)));
  Value *Cell = cellOf(Addr);
  Value *Whole = nullptr;
  for (auto [Word, Bytes] : Words) {
    Value *Differs = differs(Cell, Word - Lowest);
    if (Bytes != AllBytes)
      add(Differs, B.getInt64(maskOf(Bytes, IsWrite)));
    else
      Whole = Whole ? B.CreateOr(Whole, Differs) : Differs;
  }
  if (Whole)
    add(Whole, whole());
}

/// It is not: S lies in one word, or from one over whole ones to another.
void Emit::Asking::askAnywhere(Value *Addr, const Span &S) {
  if (S.At != 0)
    Addr = B.CreatePtrAdd(Addr, B.getInt64(S.At));
  Value *Cell = cellOf(Addr);
  if (S.Size <= S.Alignment.value() && isPowerOf2_64(S.Size)) {
    uint64_t Ones = (uint64_t(1) << S.Size) - 1;
    return add(differs(Cell),
               withKind(B.CreateShl(B.getInt64(Ones), low(Addr))));
  }
  Value *Last = B.CreatePtrAdd(Addr, B.getInt64(S.Size - 1));
  if (S.Size <= WordSize) {
    // Perhaps in two words: both as a whole, or the call finds out.
    add(differs(Cell), whole());
    return add(differs(cellOf(Last)), whole());
  }
  Value *Behind = B.CreateSub(B.getInt64(WordSize - 1), low(Last));
  add(differs(Cell),
      withKind(
          B.CreateAnd(B.CreateShl(B.getInt64(AllBytes), low(Addr)), AllBytes)));
  add(differs(cellOf(Last)),
      withKind(B.CreateLShr(B.getInt64(AllBytes), Behind)));
  // Words between that are whole wherever the span begins, and one that may be
  // the last but one, if the span can reach so far.
  uint64_t Between = S.Size / WordSize;
  if (S.Size % WordSize <= S.Alignment.value())
    --Between;
  for (uint64_t Word = 1; Word <= Between; ++Word)
    add(differs(Cell, Word), whole());
}

/// Can the likely half be asked on the spot?
static bool isAskable(uint64_t Size) {
  return Size <= (RACE_INLINE_CELLS - 1) * WordSize;
}

Instruction *Emit::ask(IRBuilderBase &B, const Question &Q) {
  Instruction *Here = &*B.GetInsertPoint();
  Asking Asked(B, *Run, Q.IsWrite);
  if (Q.Byte)
    Asked.askKnown(Q.Addr, *Q.Byte, Q.Spans);
  else
    for (const Span &S : Q.Spans)
      Asked.askAnywhere(Q.Addr, S);
  MDNode *Unlikely =
      MDBuilder(B.getContext()).createBranchWeights(1, UnlikelyWeight);
  return SplitBlockAndInsertIfThen(B.CreateIsNotNull(Asked.unknown()),
                                   Here->getIterator(),
                                   /*Unreachable=*/false, Unlikely);
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// The check of a volatile object as large as sig_atomic_t.  A handler of a
/// signal may share one with the thread that it interrupts; the detector must
/// know it from other objects.
static SizedCalls signalCheck(bool IsWrite) {
  return IsWrite
             ? SizedCalls{AbiCall::signal_write4, AbiCall::leaf_signal_write4}
             : SizedCalls{AbiCall::signal_read4, AbiCall::leaf_signal_read4};
}

static bool mayBeSigAtomic(const Access &A) {
  constexpr uint64_t Size = 4;
  return A.Size == Size && A.Alignment >= Size && A.Inst->isVolatile() &&
         isa<LoadInst, StoreInst>(A.Inst);
}

/// The call that S leads to, or that is all of its check.
void Emit::callFor(IRBuilderBase &B, Value *Addr, const Span &S, bool IsWrite,
                   bool IsSignal) {
  std::optional<SizedCalls> Word =
      IsSignal ? signalCheck(IsWrite) : wordCheck(S.Size, IsWrite);
  if (S.At != 0)
    Addr = B.CreatePtrAdd(Addr, B.getInt64(S.At));
  if (Word && S.Alignment.value() >= std::min(S.Size, WordSize))
    call(B, Word->Entered, Word->InLeaf, {Addr});
  else
    range(B, Addr, B.getInt64(S.Size), IsWrite);
}

void Emit::check(IRBuilder<> &B, Value *Addr, uint64_t Size, Align Alignment,
                 bool IsWrite, bool IsSignal) {
  if (Size == 0)
    return;
  Span S{0, Size, Alignment};
  if (Run && isAskable(Size)) {
    DebugLoc Where = B.getCurrentDebugLocation();
    B.SetInsertPoint(ask(B, {Addr, byteInWord(Addr, Alignment), S, IsWrite}));
    B.SetCurrentDebugLocation(Where);
  }
  callFor(B, Addr, S, IsWrite, IsSignal);
}

void Emit::together(const Together &Group) {
  const Access &First = Group.First;
  IRBuilder<> B(First.Inst);
  SmallVector<Span, 4> Spans;
  for (const Together::Part &P : Group.Parts)
    Spans.push_back({P.At, P.Size, P.Alignment});
  if (Run) {
    std::optional<uint64_t> Byte = Group.Byte;
    if (!Byte)
      Byte = byteInWord(First.Addr, First.Alignment);
    B.SetInsertPoint(ask(B, {First.Addr, Byte, Spans, First.IsWrite}));
  }
  for (auto [P, S] : zip(Group.Parts, Spans)) {
    B.SetCurrentDebugLocation(P.Of->getDebugLoc());
    callFor(B, First.Addr, S, First.IsWrite, /*IsSignal=*/false);
  }
}

void Emit::range(IRBuilderBase &B, Value *Addr, Value *Length, bool IsWrite) {
  Value *Size = B.CreateZExtOrTrunc(Length, B.getInt64Ty());
  if (IsWrite)
    call(B, AbiCall::write_range, AbiCall::leaf_write_range, {Addr, Size});
  else
    call(B, AbiCall::read_range, AbiCall::leaf_read_range, {Addr, Size});
}

/// Lanes side by side: as many bytes as the mask has ones.
void Emit::packedLanes(const Access &A) {
  IRBuilder<> B(A.Inst);
  Value *Bits = B.CreateBitCast(A.Mask, B.getIntNTy(A.Lanes));
  Value *Ones = B.CreateZExtOrTrunc(
      B.CreateUnaryIntrinsic(Intrinsic::ctpop, Bits), B.getInt64Ty());
  range(B, A.Addr, B.CreateMul(Ones, B.getInt64(A.Size)), A.IsWrite);
}

/// Where the lane Lane of A is.
static Value *laneAddr(IRBuilderBase &B, const Access &A, unsigned Lane) {
  if (A.Addr->getType()->isVectorTy())
    return B.CreateExtractElement(A.Addr, Lane);
  if (A.Stride)
    return B.CreatePtrAdd(A.Addr, B.CreateMul(A.Stride, B.getInt64(Lane)));
  if (!A.Index)
    return B.CreatePtrAdd(A.Addr, B.getInt64(Lane * A.Size));
  Value *Steps =
      B.CreateSExt(B.CreateExtractElement(A.Index, Lane), B.getInt64Ty());
  return B.CreatePtrAdd(A.Addr, B.CreateMul(Steps, B.getInt64(A.Scale)));
}

/// Lanes one by one, each behind its bit of the mask.
void Emit::lanes(const Access &A) {
  for (unsigned Lane = 0; Lane != A.Lanes; ++Lane) {
    IRBuilder<> B(A.Inst);
    Value *Takes = takesPart(B, A, Lane);
    if (auto *Known = dyn_cast<ConstantInt>(Takes)) {
      if (Known->isZero())
        continue;
    } else {
      Instruction *Then = SplitBlockAndInsertIfThen(
          Takes, A.Inst->getIterator(), /*Unreachable=*/false);
      B.SetInsertPoint(Then);
      B.SetCurrentDebugLocation(A.Inst->getDebugLoc());
    }
    if (A.Length)
      range(B, laneAddr(B, A, Lane), A.Length, A.IsWrite);
    else
      check(B, laneAddr(B, A, Lane), A.Size, A.Alignment, A.IsWrite);
  }
}

void Emit::access(const Access &A) {
  if (A.Mask)
    return A.Packed ? packedLanes(A) : lanes(A);
  IRBuilder<> B(A.Inst);
  if (A.Length)
    range(B, A.Addr, A.Length, A.IsWrite);
  else
    check(B, A.Addr, A.Size, A.Alignment, A.IsWrite, mayBeSigAtomic(A));
}

bool Emit::wantsCall(const MemIntrinsic &Inst) {
  if (Inst.isVolatile())
    return false; // exactly the accesses that it says
  switch (Inst.getIntrinsicID()) {
  case Intrinsic::memcpy:
  case Intrinsic::memmove:
  case Intrinsic::memset:
    break;
  default:
    return false; // the .inline forms stay without a call by their contract
  }
  auto *Known = dyn_cast<ConstantInt>(Inst.getLength());
  return !Known || Known->getZExtValue() > InlineCopyMax;
}

void Emit::memory(MemIntrinsic &Inst) {
  IRBuilder<> B(&Inst);
  Value *Length = B.CreateZExtOrTrunc(Inst.getLength(), B.getInt64Ty());
  if (auto *Fill = dyn_cast<MemSetInst>(&Inst)) {
    Value *Byte = B.CreateZExt(Fill->getValue(), B.getInt32Ty());
    Callees.call(B, AbiCall::memset, {Fill->getDest(), Byte, Length});
  } else {
    auto &Copy = cast<MemTransferInst>(Inst);
    AbiCall Call = isa<MemMoveInst>(Inst) ? AbiCall::memmove : AbiCall::memcpy;
    Callees.call(B, Call, {Copy.getDest(), Copy.getSource(), Length});
  }
  Inst.eraseFromParent();
}

} // namespace goc
