//===- Receive.cpp - What is received fits where it goes ------------------===//

#include "annotations/Channel.h"
#include "annotations/Source.h"
#include "check/Check.h"
#include "check/Held.h"
#include "check/Received.h"

using namespace clang;

namespace goc {

const CallExpr *asReceived(const Expr *E) {
  const auto *Follow = dyn_cast<UnaryOperator>(E->IgnoreParenImpCasts());
  if (!Follow || Follow->getOpcode() != UO_Deref ||
      !Follow->getOperatorLoc().isMacroID())
    return nullptr;
  const auto *Cast = dyn_cast<CStyleCastExpr>(Follow->getSubExpr());
  const auto *Call =
      Cast ? dyn_cast<CallExpr>(Cast->getSubExpr()->IgnoreParenImpCasts())
           : nullptr;
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee || !Callee->getIdentifier())
    return nullptr;
  StringRef Name = Callee->getName();
  return Name == "goc__recv" || Name == "goc__case_recv" ? Call : nullptr;
}

/// A received pointer that becomes another pointer without a cast.
static void checkValue(const ImplicitCastExpr *Cast, const CheckContext &C) {
  const Expr *From = Cast->getSubExpr()->IgnoreParenImpCasts();
  const CallExpr *Call = asReceived(From);
  if (!Call || isAssignable(C.Ctx, From->getType(), Cast->getType()) ||
      belongsToHolding(C.Ctx, Cast, C.Parents))
    return;
  std::string Value =
      Call->getNumArgs() == 2
          ? describe(C.Ctx, From)
          : "received value of type " + spell(C.Ctx, From->getType());
  std::string Message =
      "cannot use " + Value + " as " + spell(C.Ctx, Cast->getType()) + " value";
  Message += placeOf(C.Ctx, C.Parents);
  // In an arm, what is assigned to is what the user sees.
  if (Call->getNumArgs() == 1)
    From = cast<BinaryOperator>(C.Parents.back())->getLHS()->IgnoreParens();
  C.report(From, Message);
}

/// The pointer that chan_recv_ok receives into.
static void checkTarget(const CompoundLiteralExpr *Literal,
                        const CheckContext &C) {
  const auto *List = dyn_cast<InitListExpr>(Literal->getInitializer());
  if (!Literal->getType()->isPointerType() || asChannel(Literal->getType()) ||
      !List || List->getNumInits() != 1 ||
      wordAround(C.Ctx, Literal->getBeginLoc()).Name != "chan_recv_ok")
    return;
  const Expr *Target = List->getInit(0);
  QualType To = Literal->getType();
  if (isAssignable(C.Ctx, Target, To))
    return;
  Target = Target->IgnoreParenImpCasts();
  std::string Message = "cannot use " + describe(C.Ctx, Target) + " as " +
                        spell(C.Ctx, To) + " value in argument to chan_recv_ok";
  bool Forgotten =
      Target->isLValue() &&
      C.Ctx.hasSameUnqualifiedType(Target->getType(), To->getPointeeType());
  if (Forgotten)
    C.report(Target, Message,
             FixItHint::CreateInsertion(
                 fileRange(C.Ctx, Target->getSourceRange()).getBegin(), "&"));
  else
    C.report(Target, Message);
}

void checkReceive(Stmt *S, const CheckContext &C) {
  if (auto *Cast = dyn_cast<ImplicitCastExpr>(S)) {
    CastKind Kind = Cast->getCastKind();
    if (Kind == CK_BitCast || Kind == CK_NoOp || Kind == CK_PointerToIntegral ||
        Kind == CK_IntegralToPointer)
      checkValue(Cast, C);
  } else if (auto *Literal = dyn_cast<CompoundLiteralExpr>(S)) {
    if (Literal->getBeginLoc().isMacroID())
      checkTarget(Literal, C);
  }
}

} // namespace goc
