//===- Rewriting.h - The words of a file become plain C ---------*- C++ -*-===//
//
// Walks a function as lowering does, inner marks first, and writes text where
// lowering makes nodes.  What is not a word stays as the user wrote it.
//
//   go f(a, b);   goc_go(goc__go_main_1, (struct goc__go_main_1[1]){{a, b}},
//   …);
//                 with the struct and the trampoline before the function
//   goc_defer     goc_frame_defer, likewise, and a frame behind the function's
//                 first brace
//   chan_select   a block: the cases, the elements, a switch over goc_select
//
// Lines keep their numbers: what is replaced has as many as before, or #line
// follows.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_REWRITE_REWRITING_H
#define GOC_PLUGIN_REWRITE_REWRITING_H

#include "annotations/GoCall.h"
#include "annotations/Marks.h"
#include "annotations/Select.h"
#include "annotations/Walk.h"
#include "lower/GoPlan.h"
#include "rewrite/Edits.h"

#include "clang/Lex/Token.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <string>
#include <vector>

namespace goc {

/// What cannot be written as text, and where.
struct RewriteError {
  clang::SourceLocation Loc;
  std::string Message;
};

class Rewriting : private Walker {
public:
  Rewriting(clang::CompilerInstance &CI, const Marks &Known, Edits &Changes)
      : CI(CI), Known(Known), Changes(Changes) {}

  /// A token as the parser sees it; all of the file's, in order.
  void note(const clang::Token &Tok);
  void rewrite(clang::FunctionDecl *F);
  const std::vector<RewriteError> &errors() const { return Errors; }

private:
  void leave(clang::Stmt *&Slot) override;
  void fail(clang::SourceLocation Loc, std::string Message);

  // Rewriting.cpp: places and texts.
  /// Where RANGE is written; false where it is in pieces of macros.
  bool offsets(clang::SourceRange Range, unsigned &Begin, unsigned &End) const;
  /// The text of RANGE with the edits within; what macros make of it where it
  /// is only a part of what they do.
  std::string text(clang::SourceRange Range) const;
  /// A declaration of NAME with TYPE that file scope understands.
  std::string declare(clang::QualType Type, llvm::StringRef Name,
                      clang::SourceLocation Loc);
  /// `#line N "file"` for LOC.
  std::string lineMark(clang::SourceLocation Loc) const;
  void insertBefore(clang::FunctionDecl *F, std::string Text);

  // GoText.cpp
  void rewriteGo(const GoCall &Go);
  /// Before the function, declare F where only later text does: itself, or what
  /// is declared in a block.
  void declareCallee(const clang::FunctionDecl *F, clang::SourceLocation Loc);
  std::string trampoline(const GoPlan &Plan, clang::CallExpr *Call,
                         llvm::StringRef Name);
  void addFrame(clang::DeclContext *In, clang::QualType Result,
                clang::Stmt *Body);

  // SelectText.cpp
  void rewriteSelect(const SelectParts &Parts);
  void rewriteArm(const SelectArm &Arm, int Label, unsigned Number, bool First);
  std::string selectHead(const SelectParts &Parts, unsigned Number,
                         const std::string &Indent);

  clang::CompilerInstance &CI;
  const Marks &Known;
  Edits &Changes;
  clang::FunctionDecl *Function = nullptr;
  std::string Prelude; // what goes before the function
  unsigned Trampolines = 0;
  /// The functions and blocks that defer something.
  llvm::DenseSet<clang::DeclContext *> Deferring;
  unsigned Selects = 0;
  bool DeclaredBlocks = false;
  std::vector<clang::Token> Tokens;
  llvm::DenseMap<unsigned, size_t> TokenAt; // by raw location
  std::vector<RewriteError> Errors;
};

} // namespace goc

#endif // GOC_PLUGIN_REWRITE_REWRITING_H
