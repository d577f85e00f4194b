//===- Operator.cpp - Operators that channels do not have -----------------===//
//
// A channel is a pointer to C and a channel to the user: == and != compare it,
// conditions test it; arithmetic, order, indexing and `*` mean nothing.
//
//===----------------------------------------------------------------------===//

#include "annotations/Channel.h"
#include "annotations/Source.h"
#include "check/Check.h"

using namespace clang;

namespace goc {

static bool isChannel(const Expr *E) {
  return asChannel(E->IgnoreParenImpCasts()->getType()).has_value();
}

static void checkBinary(const BinaryOperator *Op, const CheckContext &C) {
  bool Meaningless = Op->isAdditiveOp() || Op->isRelationalOp() ||
                     Op->getOpcode() == BO_AddAssign ||
                     Op->getOpcode() == BO_SubAssign;
  if (!Meaningless)
    return;
  for (const Expr *Operand : {Op->getLHS(), Op->getRHS()}) {
    if (!isChannel(Operand))
      continue;
    Operand = Operand->IgnoreParenImpCasts();
    C.report(Operand, "invalid operation: operator " +
                          Op->getOpcodeStr().str() + " not defined on " +
                          describe(C.Ctx, Operand));
    return;
  }
}

static void checkUnary(const UnaryOperator *Op, const CheckContext &C) {
  const Expr *Operand = Op->getSubExpr()->IgnoreParenImpCasts();
  if (!isChannel(Operand))
    return;
  if (Op->isIncrementDecrementOp())
    C.report(Operand, "invalid operation: operator " +
                          UnaryOperator::getOpcodeStr(Op->getOpcode()).str() +
                          " not defined on " + describe(C.Ctx, Operand));
  else if (Op->getOpcode() == UO_Deref)
    C.report(Operand,
             "invalid operation: cannot indirect " + describe(C.Ctx, Operand));
}

void checkOperator(Stmt *S, const CheckContext &C) {
  if (auto *Binary = dyn_cast<BinaryOperator>(S)) {
    checkBinary(Binary, C);
  } else if (auto *Unary = dyn_cast<UnaryOperator>(S)) {
    checkUnary(Unary, C);
  } else if (auto *Index = dyn_cast<ArraySubscriptExpr>(S)) {
    const Expr *Base = Index->getBase()->IgnoreParenImpCasts();
    if (isChannel(Base))
      C.report(Base,
               "invalid operation: cannot index " + describe(C.Ctx, Base));
  }
}

} // namespace goc
