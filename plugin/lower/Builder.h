//===- Builder.h - Makes the nodes that lowering puts in --------*- C++ -*-===//
//
// Thin constructors for typed AST nodes at one source location.  Names are
// resolved by whoever calls: no scope exists any more when lowering runs.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_LOWER_BUILDER_H
#define GOC_PLUGIN_LOWER_BUILDER_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"

namespace goc {

class Builder {
public:
  Builder(clang::ASTContext &Ctx, clang::SourceLocation Loc)
      : Ctx(Ctx), Loc(Loc) {}

  clang::ASTContext &context() const { return Ctx; }
  clang::SourceLocation location() const { return Loc; }

  // Values.
  clang::Expr *integer(int64_t Value, clang::QualType Type) const;
  clang::Expr *null() const;
  /// D as an lvalue.
  clang::Expr *reference(clang::VarDecl *D) const;
  /// What is stored in the lvalue E.
  clang::Expr *load(clang::Expr *E) const;
  clang::Expr *addressOf(clang::Expr *LValue) const;
  clang::Expr *cast(clang::Expr *E, clang::QualType To,
                    clang::CastKind Kind) const;
  clang::Expr *toVoidPointer(clang::Expr *E, bool Const = false) const;
  /// BASE->FIELD of a pointer, or BASE.FIELD of an lvalue.
  clang::Expr *member(clang::Expr *Base, bool Arrow,
                      clang::FieldDecl *Field) const;
  /// ARRAY[INDEX] as an lvalue.
  clang::Expr *element(clang::Expr *Array, unsigned Index) const;
  /// The array E as a pointer to its first element.
  clang::Expr *decay(clang::Expr *E) const;
  clang::Expr *call(clang::FunctionDecl *F,
                    llvm::ArrayRef<clang::Expr *> Args) const;
  clang::InitListExpr *initializer(clang::QualType Type,
                                   llvm::ArrayRef<clang::Expr *> Values) const;
  /// (TYPE){…} as an lvalue.
  clang::Expr *literal(clang::QualType Type,
                       llvm::ArrayRef<clang::Expr *> Values) const;

  // Statements.
  clang::Stmt *declare(clang::VarDecl *D) const;
  clang::CompoundStmt *block(llvm::ArrayRef<clang::Stmt *> Body) const;

  // Declarations.
  clang::VarDecl *local(clang::DeclContext *In, llvm::StringRef Name,
                        clang::QualType Type) const;
  /// A struct at file scope; a field's name is `aN`, N its place.
  clang::RecordDecl *record(llvm::StringRef Name,
                            llvm::ArrayRef<clang::QualType> Fields,
                            bool Packed) const;
  /// RESULT NAME(PARAMETERS…) at file scope.
  clang::FunctionDecl *function(llvm::StringRef Name, clang::QualType Result,
                                llvm::ArrayRef<clang::QualType> Parameters,
                                clang::StorageClass Storage) const;

private:
  clang::ASTContext &Ctx;
  clang::SourceLocation Loc;
};

} // namespace goc

#endif // GOC_PLUGIN_LOWER_BUILDER_H
