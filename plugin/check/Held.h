//===- Held.h - The value that a send holds ---------------------*- C++ -*-===//
//
// goc.h spells the value V of a send to a channel of T as
//
//   (T[1]){1 ? (V) : *(volatile T *)0}
//
// so that V converts to T as in an assignment, and a T that is a struct takes
// nothing but that struct.  Here is what tells the two apart from the user's
// own expressions.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_CHECK_HELD_H
#define GOC_PLUGIN_CHECK_HELD_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"

namespace goc {

/// E as that conditional, implicit casts ignored; null for any other.
const clang::ConditionalOperator *asHolding(clang::ASTContext &Ctx,
                                            const clang::Stmt *E);

/// Whether the implicit cast CAST, below PARENTS, is part of such a
/// conditional's own typing.
bool belongsToHolding(clang::ASTContext &Ctx,
                      const clang::ImplicitCastExpr *Cast,
                      llvm::ArrayRef<clang::Stmt *> Parents);

/// Whether C allows to assign V to an object of type To, channels by Go's
/// rules.  True where it cannot tell: clang has said what there is to say.
bool isAssignable(clang::ASTContext &Ctx, const clang::Expr *V,
                  clang::QualType To);
/// The same for a value of type FROM.
bool isAssignable(clang::ASTContext &Ctx, clang::QualType From,
                  clang::QualType To);

} // namespace goc

#endif // GOC_PLUGIN_CHECK_HELD_H
