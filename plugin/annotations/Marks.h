//===- Marks.h - goc.h's words as the compiler sees them --------*- C++ -*-===//
//
// <goc.h> spells `go`, goc_defer, chan_select and its arms with calls of
// functions that nobody defines: the marks.  This finds their declarations, and
// tells which mark an expression calls.
//
// A file that does not include <goc.h> costs one pointer comparison a function.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_MARKS_H
#define GOC_PLUGIN_ANNOTATIONS_MARKS_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

namespace clang {
class CompilerInstance;
} // namespace clang

namespace goc {

enum class Mark {
  None,
  Go,
  Select,
  CaseRecv,
  CaseOk,
  CaseSend,
  CaseDefault,
  Defer
};
constexpr unsigned MarkCount = 8;

/// What goc_defer becomes calls of, of <goc/defer.h>.
struct DeferNames {
  clang::FunctionDecl *Enter;
  clang::FunctionDecl *Defer;
  clang::FunctionDecl *Leave;
  clang::FunctionDecl *SetJump;
  clang::RecordDecl *Frame;
  clang::FieldDecl *Land;
};

class Marks {
public:
  explicit Marks(clang::CompilerInstance &CI);

  /// True once <goc.h> has been included.
  bool find();

  /// The mark that E calls; None for anything else.
  Mark of(const clang::Stmt *E) const;

  /// Whether a mark was named since the last time this was asked.
  bool takeReferenced();

  /// What marked code becomes calls of.  Known once find() is true.
  clang::FunctionDecl *startFunction() const { return Start; }
  clang::FunctionDecl *calleeFunction() const { return Checked; }
  clang::FunctionDecl *selectFunction() const { return Select; }
  clang::RecordDecl *selectCase() const { return SelectCase; }
  const DeferNames &deferNames() const { return Deferring; }

private:
  clang::NamedDecl *lookUp(llvm::StringRef Name, bool Tag) const;
  clang::FunctionDecl *function(llvm::StringRef Name) const;
  bool findDeferring();

  clang::CompilerInstance &CI;
  clang::IdentifierInfo *FirstName;
  clang::FunctionDecl *Decls[MarkCount] = {};
  clang::FunctionDecl *Start = nullptr;
  clang::FunctionDecl *Checked = nullptr;
  clang::FunctionDecl *Select = nullptr;
  clang::RecordDecl *SelectCase = nullptr;
  DeferNames Deferring = {};
  bool Found = false;
};

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_MARKS_H
