//===- Cast.cpp - Explicit casts of channels ------------------------------===//
//
// A channel may be cast to void * and to goc_chan *, for C's own interfaces,
// and back; to an integer, to print or hash it; and to what it converts to
// anyway.  No other cast makes sense of it.
//
//===----------------------------------------------------------------------===//

#include "annotations/Channel.h"
#include "annotations/Source.h"
#include "check/Check.h"

using namespace clang;

namespace goc {

/// void * and goc_chan *, however qualified.
static bool isUntyped(QualType Type) {
  QualType Pointee = Type->getPointeeType();
  if (Pointee.isNull())
    return false;
  if (Pointee->isVoidType())
    return true;
  const auto *Record = Pointee->getAsRecordDecl();
  return Record && Record->getName() == "goc_chan";
}

void checkCast(Stmt *S, const CheckContext &C) {
  auto *Cast = dyn_cast<CStyleCastExpr>(S);
  if (!Cast)
    return;
  const Expr *From = Cast->getSubExpr()->IgnoreParenImpCasts();
  auto A = asChannel(From->getType()), B = asChannel(Cast->getType());
  bool Forbidden = false;
  if (A && B)
    Forbidden = !convertsTo(C.Ctx, *A, *B);
  else if (A)
    Forbidden = Cast->getType()->isPointerType() && !isUntyped(Cast->getType());
  else if (B)
    Forbidden = From->getType()->isPointerType() && !isUntyped(From->getType());
  if (Forbidden)
    C.report(From, "cannot convert " + describe(C.Ctx, From) + " to type " +
                       spell(C.Ctx, Cast->getType()));
}

} // namespace goc
