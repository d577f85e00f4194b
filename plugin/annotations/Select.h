//===- Select.h - Recognises chan_select and its arms -----------*- C++ -*-===//
//
// chan_select { ARM ARM … } is spelled
//
//   switch (goc__select())
//     if (0) { default: __builtin_unreachable(); }
//     else { ARM ARM … }
//
// and an arm is three statements of that block:
//
//   break;                    ends the arm before; the first one's is dead code
//   case N: expression;       the expression calls the arm's mark
//   statement                 what runs when the arm is chosen
//
// where the expression is one of
//
//   (void)goc__case_recv(chan)                                 nothing assigned
//   v = *(T *)goc__case_recv(chan)
//   v = *(T *)goc__case_recv(chan), ok = goc__case_ok()
//   goc__case_send(chan, elem)
//   goc__case_default()
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_SELECT_H
#define GOC_PLUGIN_ANNOTATIONS_SELECT_H

#include "annotations/Marks.h"

#include "clang/AST/Stmt.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace goc {

struct SelectArm {
  clang::CaseStmt *Case = nullptr;
  /// CaseRecv, CaseSend or CaseDefault.
  Mark Kind = Mark::None;
  /// The call of the arm's mark, and where it stands.
  clang::CallExpr *Call = nullptr;
  clang::Stmt **Slot = nullptr;
  /// Where goc__case_ok() stands; null in an arm without it.
  clang::Stmt **OkSlot = nullptr;
  /// The received value is assigned.
  bool TakesValue = false;
  /// What runs; null where it is missing.
  clang::Stmt *Body = nullptr;

  /// The channel as goc_chan *; not for a default.
  clang::Expr *channel() const { return Call->getArg(0); }
  /// The address of what is sent.
  clang::Expr *element() const { return Call->getArg(1); }
};

struct SelectParts {
  clang::SwitchStmt *Switch = nullptr;
  /// The user's braces; null where they are missing.
  clang::CompoundStmt *Braces = nullptr;
  /// The label that no arm is behind.
  clang::DefaultStmt *Nowhere = nullptr;
  llvm::SmallVector<SelectArm, 8> Arms;
  /// Statements between the braces that belong to no arm.
  llvm::SmallVector<clang::Stmt *, 2> Strays;
};

/// S as a chan_select.
std::optional<SelectParts> matchSelect(clang::Stmt *S, const Marks &Known);

/// S as the label of an arm, wherever it stands; Body is not looked for.
std::optional<SelectArm> matchArm(clang::Stmt *S, const Marks &Known);

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_SELECT_H
