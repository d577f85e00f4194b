//===- Marks.cpp - goc.h's words as the compiler sees them ----------------===//

#include "annotations/Marks.h"

#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Sema/Lookup.h"
#include "clang/Sema/Sema.h"

using namespace clang;

namespace goc {

/// Indexed by Mark.
static constexpr const char *MarkNames[MarkCount] = {
    nullptr,        "goc__go",        "goc__select",       "goc__case_recv",
    "goc__case_ok", "goc__case_send", "goc__case_default", "goc__defer"};

Marks::Marks(CompilerInstance &CI)
    : CI(CI), FirstName(&CI.getASTContext().Idents.get(
                  MarkNames[static_cast<unsigned>(Mark::Go)])) {}

NamedDecl *Marks::lookUp(StringRef Name, bool Tag) const {
  Sema &S = CI.getSema();
  return S.LookupSingleName(
      S.TUScope, &CI.getASTContext().Idents.get(Name), SourceLocation(),
      Tag ? Sema::LookupTagName : Sema::LookupOrdinaryName);
}

bool Marks::find() {
  if (Found)
    return true;
  // With a precompiled header a name is read only when it is looked up.
  bool Precompiled = !CI.getPreprocessorOpts().ImplicitPCHInclude.empty();
  if (!FirstName->getFETokenInfo() && !Precompiled)
    return false;
  for (unsigned I = 1; I < MarkCount; ++I) {
    Decls[I] = dyn_cast_or_null<FunctionDecl>(lookUp(MarkNames[I], false));
    if (!Decls[I])
      return false;
    Decls[I] = Decls[I]->getCanonicalDecl();
  }
  Start = function("goc_go");
  Checked = function("goc_go_callee");
  // The elements are the lowering's own or a compound literal of the word's.
  bool Race = CI.getPreprocessor().isMacroDefined("__GOC_RACE__");
  Select = function(Race ? "goc_select_private" : "goc_select");
  SelectCase = dyn_cast_or_null<RecordDecl>(lookUp("goc_select_case", true));
  if (SelectCase)
    SelectCase = SelectCase->getDefinition();
  Found = Start && Checked && Select && SelectCase && findDeferring();
  return Found;
}

FunctionDecl *Marks::function(StringRef Name) const {
  return dyn_cast_or_null<FunctionDecl>(lookUp(Name, false));
}

bool Marks::findDeferring() {
  auto *Frame = dyn_cast_or_null<RecordDecl>(lookUp("goc_frame", true));
  Frame = Frame ? Frame->getDefinition() : nullptr;
  if (!Frame || Frame->field_empty())
    return false;
  FieldDecl *Land = nullptr;
  for (FieldDecl *Field : Frame->fields())
    Land = Field; // the last
  Deferring = {function("goc_frame_enter"),
               function("goc_frame_defer"),
               function("goc_frame_leave"),
               function("_setjmp"),
               Frame,
               Land};
  return Deferring.Enter && Deferring.Defer && Deferring.Leave &&
         Deferring.SetJump;
}

Mark Marks::of(const Stmt *E) const {
  const auto *Call = dyn_cast_or_null<CallExpr>(E);
  if (!Call)
    return Mark::None;
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return Mark::None;
  Callee = Callee->getCanonicalDecl();
  for (unsigned I = 1; I < MarkCount; ++I)
    if (Callee == Decls[I])
      return static_cast<Mark>(I);
  return Mark::None;
}

bool Marks::takeReferenced() {
  bool Any = false;
  for (unsigned I = 1; I < MarkCount; ++I) {
    Any |= Decls[I]->isThisDeclarationReferenced();
    Decls[I]->setReferenced(false);
  }
  return Any;
}

} // namespace goc
