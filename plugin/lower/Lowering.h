//===- Lowering.h - Puts calls of the runtime in place of marks -*- C++ -*-===//
//
// Runs on a function once it is complete and checked, before code generation
// sees it.  Inner marks are replaced before outer ones.
//
//   go f(a, b)        goc_go(trampoline, &(struct saved){a, b}, sizeof …)
//   goc_defer f(a)    goc_frame_defer(&frame, trampoline, …), and a frame at
//   the
//                     top of the function
//   chan_select {…}   { cases; elements; switch (goc_select(…)) {…} }
//
// The trampolines are new functions of the file; the consumers that code
// generation belongs to get them by HandleTopLevelDecl, as if they were parsed.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_LOWER_LOWERING_H
#define GOC_PLUGIN_LOWER_LOWERING_H

#include "annotations/GoCall.h"
#include "annotations/Marks.h"
#include "annotations/Select.h"
#include "annotations/Walk.h"
#include "lower/Builder.h"
#include "lower/GoPlan.h"

#include "llvm/ADT/DenseMap.h"

#include <string>

namespace goc {

class Lowering : private Walker {
public:
  Lowering(clang::CompilerInstance &CI, const Marks &Known)
      : CI(CI), Known(Known) {}

  void lower(clang::FunctionDecl *Function);

  /// Has there been a go statement, or a goc_defer?
  bool hasStarted() const { return Trampolines > 0; }

private:
  void leave(clang::Stmt *&Slot) override;
  void leaveBlock(clang::BlockExpr *Expression);

  // Go.cpp
  clang::Expr *lowerGo(const GoCall &Go);
  clang::FunctionDecl *makeTrampoline(const GoPlan &Plan, clang::CallExpr *Call,
                                      clang::RecordDecl *Saved,
                                      llvm::StringRef Name);
  clang::FunctionDecl *blockFunction(clang::FunctionDecl *&Cache,
                                     llvm::StringRef Name, bool Copies);

  // Defer.cpp
  clang::VarDecl *frameOf(clang::DeclContext *In, clang::SourceLocation Loc);
  clang::Stmt *withFrame(clang::DeclContext *In, clang::QualType Result,
                         clang::Stmt *Body);

  // Select.cpp
  clang::Stmt *lowerSelect(SelectParts &Parts);
  clang::Expr *lowerArm(const Builder &Make, SelectArm &Arm, unsigned Index,
                        clang::VarDecl *Cases,
                        llvm::SmallVectorImpl<clang::Stmt *> &Before);

  clang::CompilerInstance &CI;
  const Marks &Known;
  clang::FunctionDecl *Function = nullptr;
  clang::FunctionDecl *BlockCopy = nullptr;
  clang::FunctionDecl *BlockRelease = nullptr;
  unsigned Trampolines = 0;
  /// Of the functions and blocks that have deferred something.
  llvm::DenseMap<clang::DeclContext *, clang::VarDecl *> Frames;
};

} // namespace goc

#endif // GOC_PLUGIN_LOWER_LOWERING_H
