//===- Held.cpp - The value that a send holds -----------------------------===//

#include "check/Held.h"

#include "Compat.h"
#include "annotations/Channel.h"
#include "annotations/Source.h"

using namespace clang;

namespace goc {

const ConditionalOperator *asHolding(ASTContext &Ctx, const Stmt *S) {
  const auto *E = dyn_cast_or_null<Expr>(S);
  if (!E)
    return nullptr;
  const auto *Choice = dyn_cast<ConditionalOperator>(E->IgnoreParenImpCasts());
  if (!Choice)
    return nullptr;
  return macroOf(Ctx, Choice->getQuestionLoc()) == "GOC__HOLDING" ? Choice
                                                                  : nullptr;
}

bool belongsToHolding(ASTContext &Ctx, const ImplicitCastExpr *Cast,
                      ArrayRef<Stmt *> Parents) {
  if (asHolding(Ctx, Cast->getSubExpr()))
    return true;
  for (Stmt *Parent : llvm::reverse(Parents)) {
    if (isa<ImplicitCastExpr>(Parent) || isa<ParenExpr>(Parent))
      continue;
    return asHolding(Ctx, Parent) != nullptr;
  }
  return false;
}

/// Whether a pointer to FROM may become a pointer to TO.
static bool isPointeeAssignable(ASTContext &Ctx, QualType From, QualType To) {
  if (!isAtLeastAsQualified(Ctx, To, From))
    return false;
  From = From.getUnqualifiedType();
  To = To.getUnqualifiedType();
  if (From->isVoidType() || To->isVoidType())
    return true;
  if (Ctx.typesAreCompatible(From, To))
    return true;
  // char * and unsigned char * are a matter of -Wpointer-sign.
  return From->isIntegerType() && To->isIntegerType() &&
         Ctx.getTypeSize(From) == Ctx.getTypeSize(To);
}

bool isAssignable(ASTContext &Ctx, QualType From, QualType To) {
  From = Ctx.getAdjustedParameterType(From);
  auto FromChannel = asChannel(From), ToChannel = asChannel(To);
  if (FromChannel && ToChannel)
    return convertsTo(Ctx, *FromChannel, *ToChannel);
  if (To->isBooleanType() && From->isScalarType())
    return true;
  if (FromChannel && To->isPointerType())
    return false;
  if (To->isPointerType() && From->isPointerType()) {
    if (ToChannel)
      return From->isVoidPointerType();
    return isPointeeAssignable(Ctx, From->getPointeeType(),
                               To->getPointeeType());
  }
  if (To->isPointerType() || From->isPointerType())
    return !From->isArithmeticType() && !To->isArithmeticType();
  if (To->isRecordType() || From->isRecordType())
    return Ctx.typesAreCompatible(From.getUnqualifiedType(),
                                  To.getUnqualifiedType());
  return true;
}

bool isAssignable(ASTContext &Ctx, const Expr *V, QualType To) {
  bool Pointer = To->isPointerType() || To->isBlockPointerType();
  if (Pointer &&
      V->isNullPointerConstant(Ctx, Expr::NPC_ValueDependentIsNotNull))
    return true;
  return isAssignable(Ctx, V->IgnoreParenImpCasts()->getType(), To);
}

} // namespace goc
