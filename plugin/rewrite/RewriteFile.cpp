//===- RewriteFile.cpp - The plugin's part of goc-rewrite -----------------===//

#include "rewrite/RewriteFile.h"

#include "annotations/Language.h"
#include "rewrite/Expand.h"
#include "rewrite/Rewriting.h"
#include "rewrite/SecondCompiler.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

namespace goc {
namespace {

/// An error by line and column: it crosses from one compiler to another.
struct Failure {
  unsigned Line;
  unsigned Column;
  std::string Message;
};

struct Outcome {
  std::string Text;
  std::vector<Failure> Failures;
};

class RewriteConsumer : public ASTConsumer {
public:
  RewriteConsumer(CompilerInstance &CI, Outcome &Out)
      : CI(CI), Out(Out), Known(CI),
        Changes(CI.getSourceManager().getBufferData(
            CI.getSourceManager().getMainFileID())),
        Rewrite(CI, Known, Changes) {
    CI.getPreprocessor().setTokenWatcher(
        [this](const Token &Tok) { Rewrite.note(Tok); });
  }

  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    for (Decl *D : Group) {
      auto *Function = dyn_cast<FunctionDecl>(D);
      if (Function && Function->doesThisDeclarationHaveABody() &&
          Known.find() && Known.takeReferenced())
        Rewrite.rewrite(Function);
    }
    return true;
  }

  void HandleTranslationUnit(ASTContext &) override {
    SourceManager &SM = CI.getSourceManager();
    for (const RewriteError &Error : Rewrite.errors())
      Out.Failures.push_back({SM.getSpellingLineNumber(Error.Loc),
                              SM.getSpellingColumnNumber(Error.Loc),
                              Error.Message});
    Out.Text = Changes.all();
  }

private:
  CompilerInstance &CI;
  Outcome &Out;
  Marks Known;
  Edits Changes;
  Rewriting Rewrite;
};

class RewriteAction : public ASTFrontendAction {
public:
  explicit RewriteAction(Outcome &Out) : Out(Out) {}

private:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 StringRef) override {
    enableLanguage(CI);
    return std::make_unique<RewriteConsumer>(CI, Out);
  }

  Outcome &Out;
};

void report(DiagnosticsEngine &Diags, SourceLocation Loc, StringRef Message) {
  Diags.Report(Loc, Diags.getCustomDiagID(DiagnosticsEngine::Error, "%0"))
      << Message;
}

} // namespace

void rewriteFile(CompilerInstance &Outer, StringRef Output) {
  DiagnosticsEngine &Diags = Outer.getDiagnostics();
  SourceManager &SM = Outer.getSourceManager();
  std::optional<std::string> Expanded = expandMacros(Outer);
  Outcome Out;
  RewriteAction Action(Out);
  if (!Expanded || !runAgain(Outer, Action, *Expanded, {}))
    return report(Diags, SourceLocation(), "the file does not compile twice");
  for (const Failure &Each : Out.Failures)
    report(Diags,
           SM.translateLineCol(SM.getMainFileID(), Each.Line, Each.Column),
           Each.Message);
  if (!Out.Failures.empty())
    return;
  std::error_code Error;
  llvm::raw_fd_ostream Stream(Output, Error);
  if (Error)
    return report(Diags, SourceLocation(),
                  "cannot write " + Output.str() + ": " + Error.message());
  if (Out.Text == SM.getBufferData(SM.getMainFileID())) {
    Stream << Out.Text; // no word in it: it is what it was
    return;
  }
  PresumedLoc Begin =
      SM.getPresumedLoc(SM.getLocForStartOfFile(SM.getMainFileID()));
  Stream << "#line 1 \"" << Begin.getFilename() << "\"\n" << Out.Text;
}

} // namespace goc
