//===- Check.h - The checks of goc's words ----------------------*- C++ -*-===//
//
// A check looks at one statement and adds findings.  Each is one function in a
// file of its own; Checker.cpp holds the list and walks.  They look at what
// clang's semantic analysis made, warnings or not, so no -Wno-… turns a check
// off.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_CHECK_CHECK_H
#define GOC_PLUGIN_CHECK_CHECK_H

#include "annotations/Marks.h"
#include "check/Findings.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Stmt.h"

namespace goc {

struct CheckContext {
  clang::ASTContext &Ctx;
  const Marks &Known;
  Findings &Out;
  /// The statements around the one that is looked at, outermost first.
  llvm::ArrayRef<clang::Stmt *> Parents;

  /// Add a finding at E, which is underlined.
  void report(const clang::Expr *E, std::string Message) const;
  void report(const clang::Expr *E, std::string Message,
              clang::FixItHint Fix) const;
  /// Add a finding at LOC.
  void report(clang::SourceLocation Loc, std::string Message) const;
};

using Check = void (*)(clang::Stmt *S, const CheckContext &C);

/// A channel goes where its direction or element does not fit.
void checkConversion(clang::Stmt *S, const CheckContext &C);
/// A cast makes a channel something else, or something else a channel.
void checkCast(clang::Stmt *S, const CheckContext &C);
/// A channel in arithmetic, order, indexing or `*`.
void checkOperator(clang::Stmt *S, const CheckContext &C);
/// What is sent does not fit the element type.
void checkSend(clang::Stmt *S, const CheckContext &C);
/// What is received does not fit where it goes.
void checkReceive(clang::Stmt *S, const CheckContext &C);
/// A channel of what can be no element.
void checkElement(clang::Stmt *S, const CheckContext &C);
/// `go` or goc_defer before what is no call.
void checkGo(clang::Stmt *S, const CheckContext &C);
/// Shape of a chan_select, and arms outside of one.
void checkSelect(clang::Stmt *S, const CheckContext &C);

} // namespace goc

#endif // GOC_PLUGIN_CHECK_CHECK_H
