//===- Go.cpp - go wants a call -------------------------------------------===//

#include "annotations/GoCall.h"
#include "annotations/Source.h"
#include "check/Check.h"

#include "clang/Lex/Lexer.h"

using namespace clang;

namespace goc {

static constexpr char NoCall[] = "expression in go must be function call";

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

static void reportNoCall(const Expr *Operand, const CheckContext &C) {
  const Expr *Inner = Operand->IgnoreParenImpCasts();
  if (!isCallableWithout(Inner)) {
    C.report(Inner, NoCall);
    return;
  }
  SourceLocation End = fileRange(C.Ctx, Operand->getSourceRange()).getEnd();
  C.report(Inner, NoCall, FixItHint::CreateInsertion(End, "()"));
}

void checkGo(Stmt *S, const CheckContext &C) {
  auto Go = matchGo(S, C.Known);
  if (!Go)
    return;
  const CallExpr *Call = Go->call();
  if (!Call)
    return reportNoCall(Go->Operand, C);
  SourceLocation Name = Call->getCallee()->getBeginLoc();
  if (isMacroText(C.Ctx, Name) && wordAround(C.Ctx, Name).Name == "chan_send") {
    // It would send from the spawner's stack, which is gone by then.
    C.report(Call, std::string(NoCall) +
                       ", and chan_send is a statement; write go ^{ "
                       "chan_send(…); }()");
    return;
  }
  const auto *Callee = dyn_cast<CastExpr>(Call->getCallee()->IgnoreParens());
  if (Callee && Callee->getCastKind() == CK_BuiltinFnToFnPtr)
    C.report(Call, std::string(NoCall) + ", and " +
                       sourceText(C.Ctx, Callee->getSourceRange()) +
                       " is the compiler's own");
}

} // namespace goc
