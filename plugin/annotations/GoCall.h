//===- GoCall.h - Recognises `go call(…)`, `goc_defer call(…)` --*- C++ -*-===//
//
// `go f(x)` is spelled `goc__go(), (void)f(x)`: a comma expression; goc_defer
// likewise.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_GOCALL_H
#define GOC_PLUGIN_ANNOTATIONS_GOCALL_H

#include "annotations/Marks.h"

#include <optional>

namespace goc {

struct GoCall {
  clang::BinaryOperator *Whole;
  clang::CallExpr *Mark;
  /// What stands behind the word, parentheses kept.
  clang::Expr *Operand;
  bool IsDefer;

  /// The call to make; null where the operand is none.
  clang::CallExpr *call() const;
};

std::optional<GoCall> matchGo(clang::Stmt *S, const Marks &Known);

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_GOCALL_H
