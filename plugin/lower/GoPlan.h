//===- GoPlan.h - What a go statement saves for the goroutine ---*- C++ -*-===//
//
// The decisions, apart from how they are written down: Go.cpp makes nodes of
// them, goc-rewrite makes text.
//
// A go statement evaluates the function and its arguments at once and saves
// them in a struct that the goroutine unpacks:
//
//   the function is no field when it is named directly;
//   a block is copied to the heap, and released after the call, so that it and
//     its __block variables outlive the function that made it;
//   a variably modified type, which no field may have, is a void * there: only
//     pointers can have one here.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_LOWER_GOPLAN_H
#define GOC_PLUGIN_LOWER_GOPLAN_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"

namespace goc {

struct GoField {
  clang::Expr *Value;   // evaluated by the spawner
  clang::QualType Type; // what is stored
  bool IsBlock;         // goes through _Block_copy, later _Block_release
};

struct GoPlan {
  /// The function is called by its name; otherwise it is the first field.
  bool Direct;
  /// It is a value that may be NULL: not named, nor a block written there.
  bool ChecksCallee;
  /// A field needs more alignment than the saved arguments get.
  bool Packed;
  llvm::SmallVector<GoField, 8> Fields;
};

GoPlan planGo(const clang::ASTContext &Ctx, clang::CallExpr *Call);

} // namespace goc

#endif // GOC_PLUGIN_LOWER_GOPLAN_H
