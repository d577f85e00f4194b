//===- Bytes.cpp - Which bytes an access means ----------------------------===//

#include "instrument/Bytes.h"

using namespace llvm;

namespace goc {

/// S without the constant that it adds, which goes to Offset.
static const SCEV *withoutConstant(const SCEV *S, int64_t &Offset,
                                   ScalarEvolution &SE) {
  if (auto *Sum = dyn_cast<SCEVAddExpr>(S)) {
    auto *First = dyn_cast<SCEVConstant>(Sum->getOperand(0)); // if any
    if (!First || First->getAPInt().getSignificantBits() > 64)
      return S;
    Offset += First->getAPInt().getSExtValue();
    SmallVector<const SCEV *, 4> Rest(drop_begin(Sum->operands()));
    return SE.getAddExpr(Rest);
  }
  if (auto *Turn = dyn_cast<SCEVAddRecExpr>(S)) {
    SmallVector<const SCEV *, 4> Parts(Turn->operands());
    const SCEV *Start = withoutConstant(Parts[0], Offset, SE);
    if (Start == Parts[0])
      return S;
    Parts[0] = Start;
    return SE.getAddRecExpr(Parts, Turn->getLoop(), SCEV::FlagAnyWrap);
  }
  return S;
}

std::optional<Bytes> bytesOf(const Access &A, ScalarEvolution &SE) {
  if (A.Mask || A.Length || A.Size == 0 || A.Size > INT32_MAX ||
      !A.Addr->getType()->isPointerTy() || !SE.isSCEVable(A.Addr->getType()))
    return std::nullopt;
  Bytes Result{nullptr, 0, A.Size, A.IsWrite};
  Result.Base = withoutConstant(SE.getSCEV(A.Addr), Result.First, SE);
  return Result;
}

namespace {

struct Collector {
  Dependence &Found;
  bool follow(const SCEV *S) {
    if (auto *Value = dyn_cast<SCEVUnknown>(S)) {
      if (auto *Inst = dyn_cast<Instruction>(Value->getValue()))
        Found.Values.push_back(Inst);
    } else if (auto *Turn = dyn_cast<SCEVAddRecExpr>(S)) {
      Found.Headers.push_back(Turn->getLoop()->getHeader());
    }
    return true;
  }
  bool isDone() const { return false; }
};

} // namespace

Dependence dependsOn(const SCEV *Base) {
  Dependence Result;
  Collector Collect{Result};
  visitAll(Base, Collect);
  return Result;
}

} // namespace goc
