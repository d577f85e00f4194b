//===- Go.cpp - go and goc_defer want a call ------------------------------===//

#include "annotations/GoCall.h"
#include "annotations/Source.h"
#include "check/Check.h"

#include "clang/Lex/Lexer.h"

using namespace clang;

namespace goc {

static std::string noCall(const GoCall &Go) {
  return std::string("expression in ") + (Go.IsDefer ? "defer" : "go") +
         " must be function call";
}

/// The function that E names or makes, where calling it takes no arguments.
static bool isCallableWithout(const Expr *E) {
  const FunctionProtoType *Type = nullptr;
  if (const auto *Block = E->getType()->getAs<BlockPointerType>())
    Type = Block->getPointeeType()->getAs<FunctionProtoType>();
  else if (const auto *Pointer = E->getType()->getAs<PointerType>())
    Type = Pointer->getPointeeType()->getAs<FunctionProtoType>();
  else
    Type = E->getType()->getAs<FunctionProtoType>();
  return Type && Type->getNumParams() == 0 && !Type->isVariadic();
}

static void reportNoCall(const GoCall &Go, const CheckContext &C) {
  const Expr *Operand = Go.Operand;
  const Expr *Inner = Operand->IgnoreParenImpCasts();
  if (!isCallableWithout(Inner)) {
    C.report(Inner, noCall(Go));
    return;
  }
  SourceLocation End = fileRange(C.Ctx, Operand->getSourceRange()).getEnd();
  C.report(Inner, noCall(Go), FixItHint::CreateInsertion(End, "()"));
}

void checkGo(Stmt *S, const CheckContext &C) {
  auto Go = matchGo(S, C.Known);
  if (!Go)
    return;
  const CallExpr *Call = Go->call();
  if (!Call)
    return reportNoCall(*Go, C);
  SourceLocation Name = Call->getCallee()->getBeginLoc();
  if (isMacroText(C.Ctx, Name) && wordAround(C.Ctx, Name).Name == "chan_send") {
    // It would send from a block of the function's stack that is gone by then.
    C.report(Call, noCall(*Go) + ", and chan_send is a statement; write " +
                       (Go->IsDefer ? "goc_defer" : "go") +
                       " ^{ chan_send(…); }()");
    return;
  }
  const auto *Callee = dyn_cast<CastExpr>(Call->getCallee()->IgnoreParens());
  if (Callee && Callee->getCastKind() == CK_BuiltinFnToFnPtr)
    C.report(Call, noCall(*Go) + ", and " +
                       sourceText(C.Ctx, Callee->getSourceRange()) +
                       " is the compiler's own");
}

} // namespace goc
