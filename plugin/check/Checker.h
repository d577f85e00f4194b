//===- Checker.h - Runs all checks over a declaration -----------*- C++ -*-===//

#ifndef GOC_PLUGIN_CHECK_CHECKER_H
#define GOC_PLUGIN_CHECK_CHECKER_H

#include "annotations/Walk.h"
#include "check/Check.h"

namespace goc {

class Checker : private Walker {
public:
  Checker(clang::ASTContext &Ctx, const Marks &Known, Findings &Out)
      : Ctx(Ctx), Known(Known), Out(Out) {}

  /// Look at every statement of a function's body, or of an initialiser.
  void check(clang::Stmt *Root, clang::DeclContext *Context) {
    walk(Root, Context);
  }

private:
  bool enter(clang::Stmt *S) override;

  clang::ASTContext &Ctx;
  const Marks &Known;
  Findings &Out;
};

} // namespace goc

#endif // GOC_PLUGIN_CHECK_CHECKER_H
