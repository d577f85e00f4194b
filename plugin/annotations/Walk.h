//===- Walk.h - Every statement of a function, blocks included --*- C++ -*-===//
//
// The recursion that checks and lowering share.  Children are visited through
// the slot that holds them, so that a visitor can put another node there.
// Beyond Stmt::children() it goes into the bodies of blocks; it stops at opaque
// values, whose expression is visited where it stands.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_WALK_H
#define GOC_PLUGIN_ANNOTATIONS_WALK_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/SmallVector.h"

namespace goc {

class Walker {
public:
  virtual ~Walker() = default;

  /// Visit ROOT and all below; CONTEXT is the function that it is part of.
  void walk(clang::Stmt *&Root, clang::DeclContext *Context) {
    Contexts.push_back(Context);
    visit(Root);
    Contexts.pop_back();
  }

protected:
  /// Before the children; false skips them and leave().
  virtual bool enter(clang::Stmt *) { return true; }
  /// After the children; may assign to SLOT.
  virtual void leave(clang::Stmt *&) {}

  /// The statements around the visited one, outermost first.
  llvm::ArrayRef<clang::Stmt *> parents() const { return Parents; }
  /// The function or block that the visited statement is part of.
  clang::DeclContext *context() const { return Contexts.back(); }

private:
  void visit(clang::Stmt *&Slot) {
    clang::Stmt *S = Slot;
    if (!S || llvm::isa<clang::OpaqueValueExpr>(S) || !enter(S))
      return;
    Parents.push_back(S);
    if (auto *Block = llvm::dyn_cast<clang::BlockExpr>(S)) {
      clang::Stmt *Body = Block->getBlockDecl()->getBody();
      walk(Body, Block->getBlockDecl());
    } else {
      for (clang::Stmt *&Child : S->children())
        visit(Child);
    }
    Parents.pop_back();
    leave(Slot);
  }

  llvm::SmallVector<clang::Stmt *, 32> Parents;
  llvm::SmallVector<clang::DeclContext *, 4> Contexts;
};

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_WALK_H
