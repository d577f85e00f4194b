//===- Source.cpp - The user's text behind a node -------------------------===//

#include "annotations/Source.h"

#include "annotations/Channel.h"

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

#include <optional>

using namespace clang;

namespace goc {

CharSourceRange fileRange(ASTContext &Ctx, SourceRange Range) {
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange InFile = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(Range), SM, Ctx.getLangOpts());
  if (InFile.isValid())
    return InFile;
  // Part of a macro's body: the use of the macro stands for it.
  return Lexer::getAsCharRange(SM.getExpansionRange(Range), SM,
                               Ctx.getLangOpts());
}

std::string sourceText(ASTContext &Ctx, SourceRange Range) {
  StringRef Text = Lexer::getSourceText(
      fileRange(Ctx, Range), Ctx.getSourceManager(), Ctx.getLangOpts());
  std::string Line;
  for (char C : Text) {
    bool Space = C == ' ' || C == '\t' || C == '\n' || C == '\r';
    if (!Space)
      Line += C;
    else if (!Line.empty() && Line.back() != ' ')
      Line += ' ';
  }
  return Line;
}

/// What Go calls the operand: variable, constant or value.
static const char *kindOf(ASTContext &Ctx, const Expr *E) {
  E = E->IgnoreParenImpCasts();
  // What comes out of a word is no variable, though goc.h makes it an lvalue.
  if (E->isLValue() && !isa<StringLiteral>(E) && !isa<CompoundLiteralExpr>(E) &&
      !isMacroText(Ctx, E->getExprLoc()))
    return "variable";
  if (isa<StringLiteral>(E) ||
      (E->getType()->isArithmeticType() && E->isEvaluatable(Ctx)))
    return "constant";
  return "value";
}

std::string describe(ASTContext &Ctx, const Expr *E) {
  E = E->IgnoreParenImpCasts();
  return sourceText(Ctx, E->getSourceRange()) + " (" + kindOf(Ctx, E) +
         " of type " + spell(Ctx, E->getType()) + ")";
}

static constexpr const char *Words[] = {
    "go",           "chan",        "chan_send_only", "chan_recv_only",
    "chan_make",    "chan_send",   "chan_recv",      "chan_recv_ok",
    "chan_close",   "chan_len",    "chan_cap",       "chan_free",
    "chan_range",   "chan_select", "chan_case_recv", "chan_case_send",
    "chan_default",
};

/// Where a macro's argument is written: in its file, or in another macro.
static SourceLocation outOfArguments(const SourceManager &SM,
                                     SourceLocation Loc) {
  while (Loc.isMacroID() && SM.isMacroArgExpansion(Loc))
    Loc = SM.getImmediateSpellingLoc(Loc);
  return Loc;
}

bool isMacroText(const ASTContext &Ctx, SourceLocation Loc) {
  return outOfArguments(Ctx.getSourceManager(), Loc).isMacroID();
}

StringRef macroOf(const ASTContext &Ctx, SourceLocation Loc) {
  const SourceManager &SM = Ctx.getSourceManager();
  Loc = outOfArguments(SM, Loc);
  if (!Loc.isMacroID())
    return "";
  return Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts());
}

/// Climb from LOC, part of a macro's own text, through the macros that use that
/// macro in theirs; the outermost word on the way.  Leaves LOC where the climb
/// ends: in a file, or in an argument.
static WordUse climb(const ASTContext &Ctx, SourceLocation &Loc) {
  const SourceManager &SM = Ctx.getSourceManager();
  WordUse Use;
  while (Loc.isMacroID() && !SM.isMacroArgExpansion(Loc)) {
    StringRef Name = Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts());
    Loc = SM.getImmediateExpansionRange(Loc).getBegin();
    for (const char *Word : Words)
      if (Name == Word)
        Use = {Word, SM.getFileLoc(Loc)};
  }
  return Use;
}

WordUse wordAround(const ASTContext &Ctx, SourceLocation Loc) {
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Argument; // the innermost that the token is written in
  while (Loc.isMacroID()) {
    if (SM.isMacroArgExpansion(Loc)) {
      Argument = Loc;
      Loc = SM.getImmediateSpellingLoc(Loc);
    } else if (WordUse Use = climb(Ctx, Loc); !Use.Name.empty()) {
      return Use;
    }
  }
  Loc = Argument;
  while (Loc.isValid() && Loc.isMacroID()) {
    if (SM.isMacroArgExpansion(Loc))
      Loc = SM.getImmediateExpansionRange(Loc).getBegin();
    else if (WordUse Use = climb(Ctx, Loc); !Use.Name.empty())
      return Use;
  }
  return {};
}

namespace {

/// Reads the tokens of a use as they stand in the file.
class UseLexer {
public:
  UseLexer(const ASTContext &Ctx, const WordUse &Use) : Raw(lexerAt(Ctx, Use)) {
    next(); // the word
    next();
  }

  void next() {
    Raw.LexFromRawLexer(Tok);
    if (Tok.isOneOf(tok::r_paren, tok::r_square, tok::r_brace))
      --Depth;
    Outer = Depth == 1;
    if (Tok.isOneOf(tok::l_paren, tok::l_square, tok::l_brace))
      ++Depth;
  }

  bool begins() const { return Tok.is(tok::l_paren) && Depth == 1; }
  bool ends() const {
    return Tok.is(tok::eof) || (Tok.is(tok::r_paren) && Depth == 0);
  }
  /// Between two arguments.
  bool separates() const { return Tok.is(tok::comma) && Outer; }

  Token Tok;

private:
  static Lexer lexerAt(const ASTContext &Ctx, const WordUse &Use) {
    const SourceManager &SM = Ctx.getSourceManager();
    auto [File, Offset] = SM.getDecomposedLoc(Use.Loc);
    StringRef Text = SM.getBufferData(File);
    return Lexer(SM.getLocForStartOfFile(File), Ctx.getLangOpts(), Text.begin(),
                 Text.begin() + Offset, Text.end());
  }

  Lexer Raw;
  int Depth = 0;
  bool Outer = false;
};

} // namespace

SourceRange argumentOf(const ASTContext &Ctx, const WordUse &Use,
                       unsigned Index, bool ToEnd) {
  UseLexer Lex(Ctx, Use);
  if (!Lex.begins())
    return {};
  unsigned Place = 0;
  SourceRange Range;
  for (Lex.next(); !Lex.ends(); Lex.next()) {
    if (Lex.separates() && !(ToEnd && Place == Index)) {
      if (Place++ == Index)
        return Range;
    } else if (Place == Index) {
      if (Range.isInvalid())
        Range.setBegin(Lex.Tok.getLocation());
      Range.setEnd(Lex.Tok.getLocation());
    }
  }
  return Range;
}

SourceLocation endOf(const ASTContext &Ctx, const WordUse &Use) {
  UseLexer Lex(Ctx, Use);
  if (Lex.begins())
    for (Lex.next(); !Lex.ends();)
      Lex.next();
  return Lex.Tok.getEndLoc();
}

std::string placeOf(ASTContext &Ctx, ArrayRef<Stmt *> Parents) {
  while (!Parents.empty() && (isa<ParenExpr>(Parents.back()) ||
                              isa<ImplicitCastExpr>(Parents.back())))
    Parents = Parents.drop_back();
  Stmt *Parent = Parents.empty() ? nullptr : Parents.back();
  if (const auto *Call = dyn_cast_or_null<CallExpr>(Parent))
    return " in argument to " +
           sourceText(Ctx, Call->getCallee()->getSourceRange());
  if (isa_and_nonnull<ReturnStmt>(Parent))
    return " in return statement";
  if (isa_and_nonnull<InitListExpr>(Parent))
    return " in initializer list";
  if (!Parent || isa<DeclStmt>(Parent))
    return " in variable declaration";
  const auto *Assign = dyn_cast<BinaryOperator>(Parent);
  return Assign && Assign->getOpcode() == BO_Assign ? " in assignment" : "";
}

} // namespace goc
