//===- Send.cpp - What is sent fits the element type ----------------------===//

#include "annotations/Channel.h"
#include "annotations/Source.h"
#include "check/Check.h"
#include "check/Held.h"

using namespace clang;

namespace goc {

void checkSend(Stmt *S, const CheckContext &C) {
  auto *Literal = dyn_cast<CompoundLiteralExpr>(S);
  if (!Literal || !Literal->getBeginLoc().isMacroID())
    return;
  const auto *Array = C.Ctx.getAsConstantArrayType(Literal->getType());
  const auto *List = dyn_cast<InitListExpr>(Literal->getInitializer());
  if (!Array || !List || List->getNumInits() != 1)
    return;
  const ConditionalOperator *Holding = asHolding(C.Ctx, List->getInit(0));
  if (!Holding)
    return;
  const Expr *Value = Holding->getTrueExpr();
  if (isAssignable(C.Ctx, Value, Array->getElementType()))
    return;
  Value = Value->IgnoreParenImpCasts();
  C.report(Value, "cannot use " + describe(C.Ctx, Value) + " as " +
                      spell(C.Ctx, Array->getElementType()) + " value in send");
}

} // namespace goc
