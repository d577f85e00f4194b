//===- Consumer.cpp - What goc does with each declaration -----------------===//

#include "Consumer.h"

#include "annotations/Language.h"
#include "annotations/Marks.h"
#include "check/Checker.h"
#include "check/Findings.h"
#include "check/Rewording.h"
#include "lower/Lowering.h"
#include "rewrite/RewriteFile.h"

#include "clang/Frontend/CompilerInstance.h"

using namespace clang;

namespace goc {
namespace {

class Consumer : public ASTConsumer {
public:
  Consumer(CompilerInstance &CI, const Options &Wanted)
      : CI(CI), RewriteTo(Wanted.RewriteTo), Known(CI),
        Found(std::make_shared<Findings>(CI.getDiagnostics())),
        Check(CI.getASTContext(), Known, *Found), Lower(CI, Known) {
    installRewording(CI.getDiagnostics(), CI.getASTContext(), Found);
  }

  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    for (Decl *D : Group) {
      if (D->isImplicit())
        continue; // a trampoline of ours
      if (auto *Function = dyn_cast<FunctionDecl>(D)) {
        if (Function->doesThisDeclarationHaveABody())
          handle(Function);
      } else if (auto *Variable = dyn_cast<VarDecl>(D)) {
        if (Variable->hasInit())
          handle(Variable);
      }
    }
    Found->flush();
    return true;
  }

  void HandleTranslationUnit(ASTContext &) override {
    Found->flush();
    if (!RewriteTo.empty() && !CI.getDiagnostics().hasErrorOccurred())
      rewriteFile(CI, RewriteTo);
    // What code generation, whose turn comes now, is to do.
    if (Lower.hasStarted() && mayKnowFrames(CI))
      CI.getCodeGenOpts().StackSizeSection = true;
  }

private:
  bool isUsers(const Decl *D) const {
    return !CI.getSourceManager().isInSystemHeader(D->getLocation());
  }

  void handle(VarDecl *Variable) {
    if (!Known.find() || !isUsers(Variable))
      return;
    Stmt *Init = Variable->getInit();
    Check.check(Init, Variable->getDeclContext());
  }

  void handle(FunctionDecl *Function) {
    if (!Known.find())
      return;
    bool Marked = Known.takeReferenced();
    if (Marked || isUsers(Function)) {
      Stmt *Body = Function->getBody();
      Check.check(Body, Function);
      Found->flush();
    }
    // Any error: clang does not count those of the checks as uncompilable.
    if (Marked && RewriteTo.empty() && !CI.getDiagnostics().hasErrorOccurred())
      Lower.lower(Function);
  }

  CompilerInstance &CI;
  const std::string RewriteTo;
  Marks Known;
  std::shared_ptr<Findings> Found;
  Checker Check;
  Lowering Lower;
};

} // namespace

bool mayKnowFrames(const CompilerInstance &CI) {
  const CodeGenOptions &Options = CI.getCodeGenOpts();
  return !Options.PrepareForLTO && !Options.PrepareForThinLTO &&
         !Options.EmulatedTLS;
}

std::unique_ptr<ASTConsumer> makeConsumer(CompilerInstance &CI,
                                          const Options &Wanted) {
  bool C = !CI.getLangOpts().CPlusPlus && !CI.getLangOpts().ObjC;
  if (C && !Wanted.Inert) {
    enableLanguage(CI);
    return std::make_unique<Consumer>(CI, Wanted);
  }
  if (!Wanted.RewriteTo.empty()) {
    DiagnosticsEngine &Diags = CI.getDiagnostics();
    Diags.Report(
        Diags.getCustomDiagID(DiagnosticsEngine::Error, "goc-rewrite reads C"));
  }
  return std::make_unique<ASTConsumer>();
}

} // namespace goc
