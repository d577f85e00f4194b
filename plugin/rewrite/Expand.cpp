//===- Expand.cpp - Brings words out of the user's macros -----------------===//

#include "rewrite/Expand.h"

#include "rewrite/Edits.h"
#include "rewrite/SecondCompiler.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/TokenConcatenation.h"

using namespace clang;

namespace goc {
namespace {

/// What <goc.h> leaves undefined on request.
bool isWord(const Token &Tok) {
  static constexpr const char *Words[] = {"go",
                                          "goc_defer",
                                          "chan_select",
                                          "chan_case_recv",
                                          "chan_case_send",
                                          "chan_default"};
  const IdentifierInfo *Name = Tok.getIdentifierInfo();
  if (!Name)
    return false;
  return llvm::any_of(Words,
                      [&](const char *Word) { return Name->isStr(Word); });
}

class ExpandAction : public PreprocessorFrontendAction {
public:
  explicit ExpandAction(std::string &Result) : Result(Result) {}

private:
  void ExecuteAction() override {
    Preprocessor &PP = getCompilerInstance().getPreprocessor();
    SourceManager &SM = PP.getSourceManager();
    StringRef Original = SM.getBufferData(SM.getMainFileID());
    Edits Changes(Original);
    PP.EnterMainSourceFile();
    Token Tok;
    PP.Lex(Tok);
    while (Tok.isNot(tok::eof)) {
      if (Tok.getLocation().isFileID() ||
          !SM.isWrittenInMainFile(SM.getExpansionLoc(Tok.getLocation())))
        PP.Lex(Tok);
      else
        readUse(PP, Tok, Changes);
    }
    Result = Changes.all();
  }

  /// TOK is the first token of a use of a macro; leaves the first one behind.
  void readUse(Preprocessor &PP, Token &Tok, Edits &Changes) {
    SourceManager &SM = PP.getSourceManager();
    CharSourceRange Use = SM.getExpansionRange(Tok.getLocation());
    std::string Text;
    bool HasWord = false;
    TokenConcatenation Concatenation(PP);
    Token Previous, BeforePrevious;
    Previous.startToken();
    BeforePrevious.startToken();
    while (Tok.isNot(tok::eof) && Tok.getLocation().isMacroID() &&
           SM.getExpansionLoc(Tok.getLocation()) == Use.getBegin()) {
      if (!Tok.isAnnotation()) {
        HasWord |= isWord(Tok);
        bool Apart = !Text.empty() &&
                     (Tok.hasLeadingSpace() || Tok.isAtStartOfLine() ||
                      Concatenation.AvoidConcat(BeforePrevious, Previous, Tok));
        if (Apart)
          Text += ' ';
        Text += PP.getSpelling(Tok);
        BeforePrevious = Previous;
        Previous = Tok;
      }
      PP.Lex(Tok);
    }
    if (!HasWord)
      return;
    unsigned Begin = SM.getFileOffset(Use.getBegin());
    SourceLocation Behind =
        Lexer::getLocForEndOfToken(Use.getEnd(), 0, SM, PP.getLangOpts());
    unsigned End = SM.getFileOffset(Behind);
    Changes.replace(
        Begin, End,
        padLines(Text, Changes.original().substr(Begin, End - Begin)));
  }

  std::string &Result;
};

} // namespace

std::optional<std::string> expandMacros(CompilerInstance &Outer) {
  SourceManager &SM = Outer.getSourceManager();
  std::string Result;
  ExpandAction Action(Result);
  if (!runAgain(Outer, Action, SM.getBufferData(SM.getMainFileID()),
                {"GOC__BARE_WORDS"}))
    return std::nullopt;
  return Result;
}

} // namespace goc
