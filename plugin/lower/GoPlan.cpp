//===- GoPlan.cpp - What a go statement saves for the goroutine -----------===//

#include "lower/GoPlan.h"

#include "clang/AST/Decl.h"

using namespace clang;

namespace goc {

/// goc_go copies the arguments to memory as malloc gives it.
static constexpr unsigned SavedAlignBits = 128;

/// A function that is declared at file scope and called by its name.
static bool isDirect(const CallExpr *Call) {
  const auto *Decay = dyn_cast<ImplicitCastExpr>(Call->getCallee());
  if (!Decay || Decay->getCastKind() != CK_FunctionToPointerDecay)
    return false;
  const auto *Name = dyn_cast<DeclRefExpr>(Decay->getSubExpr()->IgnoreParens());
  const auto *Callee = Name ? dyn_cast<FunctionDecl>(Name->getDecl()) : nullptr;
  return Callee &&
         !Callee->getFirstDecl()->getLexicalDeclContext()->isFunctionOrMethod();
}

static GoField fieldFor(const ASTContext &Ctx, Expr *Value) {
  QualType Type = Value->getType().getUnqualifiedType();
  if (Type->isVariablyModifiedType())
    Type = Ctx.VoidPtrTy;
  return {Value, Type, Type->isBlockPointerType()};
}

GoPlan planGo(const ASTContext &Ctx, CallExpr *Call) {
  GoPlan Plan;
  Plan.Direct = isDirect(Call);
  if (!Plan.Direct)
    Plan.Fields.push_back(fieldFor(Ctx, Call->getCallee()));
  for (Expr *Arg : Call->arguments())
    Plan.Fields.push_back(fieldFor(Ctx, Arg));
  const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  Plan.ChecksCallee = !Plan.Direct && !isa<BlockExpr>(Callee) &&
                      !Callee->getType()->isFunctionType();
  Plan.Packed = false;
  for (const GoField &Field : Plan.Fields)
    Plan.Packed |= Ctx.getTypeAlign(Field.Type) > SavedAlignBits;
  return Plan;
}

} // namespace goc
