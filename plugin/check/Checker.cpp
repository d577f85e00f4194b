//===- Checker.cpp - Runs all checks over a declaration -------------------===//

#include "check/Checker.h"

#include "annotations/Source.h"

using namespace clang;

namespace goc {

static constexpr Check Checks[] = {
    checkSend,     checkReceive, checkConversion, checkCast,
    checkOperator, checkElement, checkGo,         checkSelect,
};

bool Checker::enter(Stmt *S) {
  CheckContext Context{Ctx, Known, Out, parents()};
  for (Check Each : Checks)
    Each(S, Context);
  return true;
}

void CheckContext::report(const Expr *E, std::string Message) const {
  CharSourceRange Range = fileRange(Ctx, E->getSourceRange());
  Out.add({Range.getBegin(), Range, std::move(Message), {}, {}, {}});
}

void CheckContext::report(const Expr *E, std::string Message,
                          FixItHint Fix) const {
  CharSourceRange Range = fileRange(Ctx, E->getSourceRange());
  Out.add({Range.getBegin(), Range, std::move(Message), {Fix}, {}, {}});
}

void CheckContext::report(SourceLocation Loc, std::string Message) const {
  Out.add({Ctx.getSourceManager().getFileLoc(Loc),
           {},
           std::move(Message),
           {},
           {},
           {}});
}

} // namespace goc
