//===- NoRace.cpp - Functions that ask not to be checked ------------------===//

#include "annotations/NoRace.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclGroup.h"

using namespace clang;

namespace goc {
namespace {

bool isUnsanitized(const FunctionDecl &Function) {
  for (const auto *Attr : Function.specific_attrs<NoSanitizeAttr>())
    if (Attr->getMask() & SanitizerKind::Thread)
      return true;
  return false;
}

class NoRaceConsumer : public ASTConsumer {
public:
  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    for (Decl *D : Group)
      if (auto *Function = dyn_cast<FunctionDecl>(D))
        if (Function->doesThisDeclarationHaveABody() &&
            isUnsanitized(*Function))
          Function->addAttr(AnnotateAttr::CreateImplicit(
              Function->getASTContext(), "goc_norace", nullptr, 0));
    return true;
  }
};

} // namespace

std::unique_ptr<ASTConsumer> makeNoRaceConsumer() {
  return std::make_unique<NoRaceConsumer>();
}

} // namespace goc
