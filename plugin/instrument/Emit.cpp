//===- Emit.cpp - Checks of plain accesses --------------------------------===//

#include "instrument/Emit.h"
#include "goc/race_inline.h"
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

void Emit::learn(const Access &A) {
  if (A.Mask || A.Alignment.value() < WordSize)
    return;
  APInt Distance(DL.getIndexTypeSizeInBits(A.Addr->getType()), 0);
  const Value *Origin =
      A.Addr->stripAndAccumulateConstantOffsets(DL, Distance, true);
  Origins[Origin] = -Distance.getZExtValue() & (WordSize - 1);
}

/// Size ones, from the byte of its word on that Addr points to.
Value *Emit::bytesOf(IRBuilderBase &B, Value *Addr, uint64_t Size,
                     Align Alignment, bool IsWrite) const {
  uint64_t Ones = (uint64_t(1) << Size) - 1;
  if (Size == WordSize)
    return B.getInt64(maskOf(AllBytes, IsWrite));
  if (std::optional<uint64_t> Byte = byteInWord(Addr, Alignment))
    return B.getInt64(maskOf(Ones << *Byte, IsWrite));
  Value *First =
      B.CreateAnd(B.CreatePtrToInt(Addr, B.getInt64Ty()), WordSize - 1);
  Value *Bytes = B.CreateShl(B.getInt64(Ones), First);
  return B.CreateOr(Bytes, maskOf(0, IsWrite));
}

/// How many cells an access is asked about on the spot: more are cheaper to
/// ask about in a loop.
static constexpr uint64_t InlineWordsMax = 4;

Instruction *Emit::ask(IRBuilderBase &B, Value *Addr, uint64_t Size,
                       Align Alignment, bool IsWrite) {
  Instruction *Here = &*B.GetInsertPoint();
  Value *Expect = nullptr;
  Value *Cells = nullptr;
  auto Differs = [&](Value *At, Value *Mask) {
    if (!Expect) {
      Expect =
          Running::load(B, B.getInt64Ty(), Run->field(B, RACE_STRAND_EXPECT));
      Cells =
          Running::load(B, B.getInt64Ty(), Run->field(B, RACE_STRAND_CELLS));
    }
    Value *Cell = Running::load(B, B.getInt64Ty(), Run->cell(B, At, Cells));
    return B.CreateAnd(B.CreateXor(Cell, Expect), Mask);
  };

  Value *Unknown = nullptr;
  if (Size <= WordSize && isPowerOf2_64(Size) && Alignment.value() >= Size) {
    Unknown = Differs(Addr, bytesOf(B, Addr, Size, Alignment, IsWrite));
  } else if (Size <= WordSize) {
    // It may lie in two words: both as a whole, or the call finds out.
    Value *Mask = B.getInt64(maskOf(AllBytes, IsWrite));
    Unknown =
        B.CreateOr(Differs(Addr, Mask),
                   Differs(B.CreatePtrAdd(Addr, B.getInt64(Size - 1)), Mask));
  } else {
    Value *Mask = B.getInt64(maskOf(AllBytes, IsWrite));
    for (uint64_t At = 0; At != Size; At += WordSize) {
      Value *Word = Differs(B.CreatePtrAdd(Addr, B.getInt64(At)), Mask);
      Unknown = Unknown ? B.CreateOr(Unknown, Word) : Word;
    }
  }
  MDNode *Unlikely =
      MDBuilder(B.getContext()).createBranchWeights(1, UnlikelyWeight);
  return SplitBlockAndInsertIfThen(B.CreateIsNotNull(Unknown),
                                   Here->getIterator(),
                                   /*Unreachable=*/false, Unlikely);
}

/// Can the likely half be asked on the spot?
static bool isAskable(uint64_t Size, Align Alignment) {
  if (Size <= WordSize)
    return true;
  return Size % WordSize == 0 && Size / WordSize <= InlineWordsMax &&
         Alignment.value() >= WordSize;
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

void Emit::check(IRBuilder<> &B, Value *Addr, uint64_t Size, Align Alignment,
                 bool IsWrite, bool IsSignal) {
  if (Size == 0)
    return;
  std::optional<SizedCalls> Word =
      IsSignal ? signalCheck(IsWrite) : wordCheck(Size, IsWrite);
  bool Aligned = Alignment.value() >= std::min(Size, WordSize);
  if (Run && isAskable(Size, Alignment)) {
    DebugLoc Where = B.getCurrentDebugLocation();
    B.SetInsertPoint(ask(B, Addr, Size, Alignment, IsWrite));
    B.SetCurrentDebugLocation(Where);
  }
  if (Word && Aligned)
    call(B, Word->Entered, Word->InLeaf, {Addr});
  else
    checkRange(B, Addr, B.getInt64(Size), IsWrite);
}

void Emit::checkRange(IRBuilderBase &B, Value *Addr, Value *Length,
                      bool IsWrite) {
  Value *Size = B.CreateZExtOrTrunc(Length, B.getInt64Ty());
  if (IsWrite)
    call(B, AbiCall::write_range, AbiCall::leaf_write_range, {Addr, Size});
  else
    call(B, AbiCall::read_range, AbiCall::leaf_read_range, {Addr, Size});
}

/// Lanes side by side: as many bytes as the mask has ones.
void Emit::packedLanes(const Access &A) {
  IRBuilder<> B(A.Inst);
  unsigned Lanes = cast<FixedVectorType>(A.Mask->getType())->getNumElements();
  Value *Bits = B.CreateBitCast(A.Mask, B.getIntNTy(Lanes));
  Value *Ones = B.CreateZExtOrTrunc(
      B.CreateUnaryIntrinsic(Intrinsic::ctpop, Bits), B.getInt64Ty());
  checkRange(B, A.Addr, B.CreateMul(Ones, B.getInt64(A.Size)), A.IsWrite);
}

/// Lanes one by one, each behind its bit of the mask.
void Emit::lanes(const Access &A) {
  unsigned Lanes = cast<FixedVectorType>(A.Mask->getType())->getNumElements();
  for (unsigned Lane = 0; Lane != Lanes; ++Lane) {
    IRBuilder<> B(A.Inst);
    Value *Takes = B.CreateExtractElement(A.Mask, Lane);
    if (auto *Known = dyn_cast<ConstantInt>(Takes)) {
      if (Known->isZero())
        continue;
    } else {
      Instruction *Then = SplitBlockAndInsertIfThen(
          Takes, A.Inst->getIterator(), /*Unreachable=*/false);
      B.SetInsertPoint(Then);
      B.SetCurrentDebugLocation(A.Inst->getDebugLoc());
    }
    Value *Addr = A.Addr->getType()->isVectorTy()
                      ? B.CreateExtractElement(A.Addr, Lane)
                      : B.CreatePtrAdd(A.Addr, B.getInt64(Lane * A.Size));
    check(B, Addr, A.Size, A.Alignment, A.IsWrite);
  }
}

void Emit::access(const Access &A) {
  if (A.Mask)
    return A.Packed ? packedLanes(A) : lanes(A);
  IRBuilder<> B(A.Inst);
  if (A.Length)
    checkRange(B, A.Addr, A.Length, A.IsWrite);
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
