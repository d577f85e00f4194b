//===- Received.h - The value that comes from a channel ---------*- C++ -*-===//
//
// goc.h spells what is received from a channel of T as `*(T *)f(…)`, where f is
// goc__recv, or goc__case_recv in an arm.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_CHECK_RECEIVED_H
#define GOC_PLUGIN_CHECK_RECEIVED_H

#include "clang/AST/Expr.h"

namespace goc {

/// E as such a value: the call; null for any other.
const clang::CallExpr *asReceived(const clang::Expr *E);

} // namespace goc

#endif // GOC_PLUGIN_CHECK_RECEIVED_H
