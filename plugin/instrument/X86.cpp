//===- X86.cpp - What x86's own intrinsics access -------------------------===//

#include "instrument/X86.h"

using namespace llvm;

namespace goc {

namespace {

unsigned lanesOf(const Type *Ty) {
  auto *Vector = dyn_cast<FixedVectorType>(Ty);
  return Vector ? Vector->getNumElements() : Ty->getPrimitiveSizeInBits();
}

uint64_t laneSize(Type *Ty, const DataLayout &DL) {
  return DL.getTypeStoreSize(Ty->getScalarType()).getFixedValue();
}

/// Lanes of the type Data that lie side by side at Addr.
Access inRow(IntrinsicInst &Inst, unsigned Addr, unsigned Mask, Type *Data,
             bool IsWrite, const DataLayout &DL) {
  Access Result;
  Result.Inst = &Inst;
  Result.Addr = Inst.getArgOperand(Addr);
  Result.Mask = Inst.getArgOperand(Mask);
  Result.Size = laneSize(Data, DL);
  Result.Lanes = std::min(lanesOf(Data), lanesOf(Result.Mask->getType()));
  Result.IsWrite = IsWrite;
  return Result;
}

/// Lanes of the type Data, each where an index says; the last operand is what a
/// step of it is.
Access byIndex(IntrinsicInst &Inst, unsigned Addr, unsigned Mask,
               unsigned Index, Type *Data, bool IsWrite, const DataLayout &DL) {
  Access Result = inRow(Inst, Addr, Mask, Data, IsWrite, DL);
  Result.Index = Inst.getArgOperand(Index);
  Result.Lanes = std::min(Result.Lanes, lanesOf(Result.Index->getType()));
  Result.Scale = cast<ConstantInt>(Inst.getArgOperand(Inst.arg_size() - 1))
                     ->getZExtValue();
  return Result;
}

/// Bytes, each with a byte of mask, which a register as a whole may be.
Access bytes(IntrinsicInst &Inst) {
  Access Result;
  Result.Inst = &Inst;
  Result.Addr = Inst.getArgOperand(2);
  Result.Mask = Inst.getArgOperand(1);
  Result.Size = 1;
  Result.Lanes = Result.Mask->getType()->getPrimitiveSizeInBits() / 8;
  Result.IsWrite = true;
  return Result;
}

/// Elements made narrower on their way: "pmovs.db.mem.512" makes bytes of
/// doublewords.
std::optional<Access> narrowed(IntrinsicInst &Inst, StringRef Name,
                               const DataLayout &DL) {
  auto [Before, After] = Name.split(".mem.");
  if (After.empty())
    return std::nullopt; // into a register
  Access Result = inRow(Inst, 0, 2, Inst.getArgOperand(1)->getType(), true, DL);
  Result.Size = Before.back() == 'b' ? 1 : Before.back() == 'w' ? 2 : 4;
  return Result;
}

Access whole(IntrinsicInst &Inst, unsigned Addr, uint64_t Size, bool IsWrite) {
  Access Result;
  Result.Inst = &Inst;
  Result.Addr = Inst.getArgOperand(Addr);
  Result.Size = Size;
  Result.IsWrite = IsWrite;
  return Result;
}

/// Of an area of xsave's, what every variant accesses whatever it is asked to
/// save: the bits in its header that say what is there.
Access savedHeader(IntrinsicInst &Inst, bool IsWrite) {
  const unsigned Lane = 512 / 8;
  Access Result = whole(Inst, 0, 8, IsWrite);
  Result.Lanes = Lane + 1;
  Result.Mask = ConstantInt::get(Inst.getContext(),
                                 APInt::getOneBitSet(Result.Lanes, Lane));
  return Result;
}

/// The rows of a tile of AMX's, whose shape is the first two operands.
Access tile(IntrinsicInst &Inst, bool IsWrite) {
  Access Result;
  Result.Inst = &Inst;
  Result.Addr = Inst.getArgOperand(2);
  Result.Mask = Inst.getArgOperand(0);
  Result.Length = Inst.getArgOperand(1);
  Result.Stride = Inst.getArgOperand(3);
  Result.Lanes = 16; // no tile has more rows
  Result.IsWrite = IsWrite;
  return Result;
}

/// An intrinsic that accesses some bytes, always the same number of them.
struct Fixed {
  StringRef Name;
  unsigned Addr; ///< operand
  uint64_t Size;
  bool IsWrite;
};

/// fxsave leaves the last bytes of its 512 to whoever wants them.
constexpr Fixed Fixeds[] = {
    {"fxsave", 0, 464, true},
    {"fxsave64", 0, 464, true},
    {"fxrstor", 0, 464, false},
    {"fxrstor64", 0, 464, false},
    {"movdir64b", 0, 64, true},
    {"movdir64b", 1, 64, false},
    {"enqcmd", 1, 64, false},
    {"enqcmds", 1, 64, false},
    {"directstore32", 0, 4, true},
    {"directstore64", 0, 8, true},
    {"sse.ldmxcsr", 0, 4, false},
    {"sse.stmxcsr", 0, 4, true},
    {"sse3.ldu.dq", 0, 16, false},
    {"avx.ldu.dq.256", 0, 32, false},
    {"ldtilecfg", 0, 64, false},
    {"sttilecfg", 0, 64, true},
    {"ldtilecfg.internal", 0, 64, false},
};

std::optional<Access> lanesAccess(IntrinsicInst &Inst, StringRef Name,
                                  const DataLayout &DL) {
  if (Name.starts_with("avx.maskload.") || Name.starts_with("avx2.maskload."))
    return inRow(Inst, 0, 1, Inst.getType(), false, DL);
  if (Name.starts_with("avx.maskstore.") || Name.starts_with("avx2.maskstore."))
    return inRow(Inst, 0, 1, Inst.getArgOperand(2)->getType(), true, DL);
  if (Name.starts_with("avx2.gather.") ||
      Name.starts_with("avx512.mask.gather"))
    return byIndex(Inst, 1, 3, 2, Inst.getType(), false, DL);
  if (Name.starts_with("avx512.mask.scatter"))
    return byIndex(Inst, 0, 1, 2, Inst.getArgOperand(3)->getType(), true, DL);
  if (Name == "sse2.maskmov.dqu" || Name == "mmx.maskmovq")
    return bytes(Inst);
  if (Name.starts_with("avx512.mask.pmov"))
    return narrowed(Inst, Name, DL);
  if (Name.starts_with("xsave"))
    return savedHeader(Inst, true);
  if (Name.starts_with("xrstor"))
    return savedHeader(Inst, false);
  if (Name == "tileloadd64.internal" || Name == "tileloaddt164.internal")
    return tile(Inst, false);
  if (Name == "tilestored64.internal")
    return tile(Inst, true);
  return std::nullopt;
}

} // namespace

void x86Accesses(IntrinsicInst &Inst, const DataLayout &DL,
                 SmallVectorImpl<Access> &Accesses) {
  StringRef Name = Inst.getCalledFunction()->getName();
  if (!Name.consume_front("llvm.x86."))
    return;
  if (std::optional<Access> Lanes = lanesAccess(Inst, Name, DL))
    Accesses.push_back(*Lanes);
  for (const Fixed &Known : Fixeds)
    if (Known.Name == Name)
      Accesses.push_back(whole(Inst, Known.Addr, Known.Size, Known.IsWrite));
}

Value *takesPart(IRBuilderBase &B, const Access &A, unsigned Lane) {
  Type *Ty = A.Mask->getType();
  uint64_t Bits = Ty->getPrimitiveSizeInBits();
  if (A.Stride)
    return B.CreateICmpUGT(A.Mask, ConstantInt::get(Ty, Lane));
  if (Ty->isIntegerTy()) // a bit a lane
    return B.CreateExtractElement(
        B.CreateBitCast(A.Mask, FixedVectorType::get(B.getInt1Ty(), Bits)),
        Lane);
  if (Ty->isIntOrIntVectorTy(1))
    return B.CreateExtractElement(A.Mask, Lane);
  // Elements: of the vector, or the bytes of a register.
  uint64_t Each = isa<FixedVectorType>(Ty) && lanesOf(Ty) >= A.Lanes
                      ? Ty->getScalarSizeInBits()
                      : Bits / A.Lanes;
  auto *Integers = FixedVectorType::get(B.getIntNTy(Each), Bits / Each);
  Value *Element =
      B.CreateExtractElement(B.CreateBitCast(A.Mask, Integers), Lane);
  return B.CreateICmpSLT(Element, ConstantInt::get(Element->getType(), 0));
}

} // namespace goc
