//===- GoCall.cpp - Recognises `go call(…)` -------------------------------===//

#include "annotations/GoCall.h"

using namespace clang;

namespace goc {

CallExpr *GoCall::call() const {
  return dyn_cast<CallExpr>(Operand->IgnoreParens());
}

std::optional<GoCall> matchGo(Stmt *S, const Marks &Known) {
  auto *Comma = dyn_cast<BinaryOperator>(S);
  if (!Comma || Comma->getOpcode() != BO_Comma)
    return std::nullopt;
  Mark Word = Known.of(Comma->getLHS());
  if (Word != Mark::Go && Word != Mark::Defer)
    return std::nullopt;
  auto *Drop = dyn_cast<CStyleCastExpr>(Comma->getRHS());
  if (!Drop || !Drop->getType()->isVoidType())
    return std::nullopt;
  return GoCall{Comma, cast<CallExpr>(Comma->getLHS()), Drop->getSubExpr(),
                Word == Mark::Defer};
}

} // namespace goc
