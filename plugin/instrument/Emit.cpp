//===- Emit.cpp - Checks of plain accesses --------------------------------===//

#include "instrument/Emit.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace goc {

/// Copies of known size up to this many bytes stay inline: two checks beside a
/// few moves are cheaper than a call that must find out what to move.
static constexpr uint64_t InlineCopyMax = 64;

/// The check of a naturally aligned access, or none of that size.
static std::optional<AbiCall> wordCheck(uint64_t Size, bool IsWrite) {
  switch (Size) {
  case 1:
    return IsWrite ? AbiCall::write1 : AbiCall::read1;
  case 2:
    return IsWrite ? AbiCall::write2 : AbiCall::read2;
  case 4:
    return IsWrite ? AbiCall::write4 : AbiCall::read4;
  case 8:
    return IsWrite ? AbiCall::write8 : AbiCall::read8;
  case 16:
    return IsWrite ? AbiCall::write16 : AbiCall::read16;
  default:
    return std::nullopt;
  }
}

void Emit::check(IRBuilderBase &B, Value *Addr, uint64_t Size, Align Alignment,
                 bool IsWrite) {
  std::optional<AbiCall> Word = wordCheck(Size, IsWrite);
  if (Word && Alignment.value() >= Size)
    B.CreateCall(Callees.get(*Word), {Addr});
  else if (Size != 0)
    checkRange(B, Addr, B.getInt64(Size), IsWrite);
}

void Emit::checkRange(IRBuilderBase &B, Value *Addr, Value *Length,
                      bool IsWrite) {
  AbiCall Range = IsWrite ? AbiCall::write_range : AbiCall::read_range;
  B.CreateCall(Callees.get(Range),
               {Addr, B.CreateZExtOrTrunc(Length, B.getInt64Ty())});
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
    check(B, A.Addr, A.Size, A.Alignment, A.IsWrite);
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
    B.CreateCall(Callees.get(AbiCall::memset), {Fill->getDest(), Byte, Length});
  } else {
    auto &Copy = cast<MemTransferInst>(Inst);
    AbiCall Call = isa<MemMoveInst>(Inst) ? AbiCall::memmove : AbiCall::memcpy;
    B.CreateCall(Callees.get(Call), {Copy.getDest(), Copy.getSource(), Length});
  }
  Inst.eraseFromParent();
}

} // namespace goc
