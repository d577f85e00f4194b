//===- Source.h - The user's text behind a node -----------------*- C++ -*-===//
//
// Words are macros, and checks see what they expand to.  Messages must name
// what the user wrote, at the place in the file where it is written.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_SOURCE_H
#define GOC_PLUGIN_ANNOTATIONS_SOURCE_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"

#include <string>

namespace goc {

/// Where RANGE is written in a file, its end behind the last character.
clang::CharSourceRange fileRange(clang::ASTContext &Ctx,
                                 clang::SourceRange Range);

/// The text of RANGE in its file, on one line.
std::string sourceText(clang::ASTContext &Ctx, clang::SourceRange Range);

/// `c (variable of type chan(int))`, as Go's compiler describes an operand.
std::string describe(clang::ASTContext &Ctx, const clang::Expr *E);

/// Whether the token at LOC is part of a macro's own text, not of an argument.
bool isMacroText(const clang::ASTContext &Ctx, clang::SourceLocation Loc);

/// The macro whose own text the token at LOC is part of; empty for any other.
llvm::StringRef macroOf(const clang::ASTContext &Ctx,
                        clang::SourceLocation Loc);

/// One use of a word of goc.h: chan_send, go, …
struct WordUse {
  llvm::StringRef Name;      // empty where there is none
  clang::SourceLocation Loc; // of the word in its file
};

/// The use that the token at LOC is part of the expansion or of an argument of,
/// the innermost.
WordUse wordAround(const clang::ASTContext &Ctx, clang::SourceLocation Loc);

/// The range of a word's argument as it is written, INDEX from 0, with all
/// that follow where TOEND; invalid where there is none.
clang::SourceRange argumentOf(const clang::ASTContext &Ctx, const WordUse &Use,
                              unsigned Index, bool ToEnd = false);

/// Behind the last character of a use with arguments.
clang::SourceLocation endOf(const clang::ASTContext &Ctx, const WordUse &Use);

/// Where a value goes that is used directly below PARENTS, outermost first:
/// " in assignment", " in argument to f", …; empty where that says nothing.
std::string placeOf(clang::ASTContext &Ctx,
                    llvm::ArrayRef<clang::Stmt *> Parents);

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_SOURCE_H
