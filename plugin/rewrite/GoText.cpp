//===- GoText.cpp - go statements as plain C ------------------------------===//

#include "rewrite/Rewriting.h"

#include "annotations/Source.h"

#include "clang/AST/Attr.h"
#include "clang/Frontend/CompilerInstance.h"

using namespace clang;

namespace goc {

static std::string fieldName(size_t Place) {
  return "a" + std::to_string(Place);
}

std::string Rewriting::trampoline(const GoPlan &Plan, CallExpr *Call,
                                  StringRef Name) {
  std::string Struct = "struct " + Name.str();
  std::string Text;
  if (!Plan.Fields.empty()) {
    Text += Struct + " {\n";
    for (size_t I = 0; I < Plan.Fields.size(); ++I)
      Text += "    " +
              declare(Plan.Fields[I].Type, fieldName(I), Call->getBeginLoc()) +
              ";\n";
    Text += Plan.Packed ? "} __attribute__((__packed__));\n" : "};\n";
  }
  Text += "static void " + Name.str() + "(void *goc__saved)\n{\n";
  if (Plan.Fields.empty())
    Text += "    (void)goc__saved;\n";
  else
    Text += "    " + Struct + " *goc__call = goc__saved;\n";
  std::string Callee = "goc__call->a0";
  size_t First = 1;
  if (Plan.Direct) {
    Callee = Call->getDirectCallee()->getNameAsString();
    First = 0;
  }
  Text += "    " + Callee + "(";
  for (size_t I = First; I < Plan.Fields.size(); ++I)
    Text += (I > First ? ", goc__call->" : "goc__call->") + fieldName(I);
  Text += ");\n";
  for (size_t I = 0; I < Plan.Fields.size(); ++I)
    if (Plan.Fields[I].IsBlock)
      Text += "    _Block_release((const void *)goc__call->" + fieldName(I) +
              ");\n";
  return Text + "}\n";
}

/// Whether file scope knows F before the function that is being rewritten.
static bool isKnownBefore(const FunctionDecl *F, const FunctionDecl *Here,
                          const SourceManager &SM) {
  for (const FunctionDecl *Each : F->redecls())
    if (!Each->getLexicalDeclContext()->isFunctionOrMethod() &&
        SM.isBeforeInTranslationUnit(Each->getLocation(), Here->getBeginLoc()))
      return true;
  return false;
}

void Rewriting::declareCallee(const FunctionDecl *F, SourceLocation Loc) {
  if (isKnownBefore(F, Function, CI.getSourceManager()))
    return;
  std::string Declarator = F->getNameAsString() + "(";
  const auto *Type = F->getType()->getAs<FunctionProtoType>();
  if (Type) {
    const char *Separator = "";
    for (QualType Parameter : Type->param_types()) {
      Declarator += Separator + declare(Parameter, "", Loc);
      Separator = ", ";
    }
    if (Type->isVariadic())
      Declarator += ", ...";
    else if (Type->getNumParams() == 0)
      Declarator += "void";
  }
  std::string Text = F->getCanonicalDecl()->isStatic() ? "static " : "";
  if (F->isInlineSpecified())
    Text += "inline ";
  Text += declare(F->getReturnType(), Declarator + ")", Loc) + ";\n";
  if (Prelude.find(Text) == std::string::npos)
    Prelude += Text;
}

void Rewriting::rewriteGo(const GoCall &Go) {
  CallExpr *Call = Go.call();
  GoPlan Plan = planGo(CI.getASTContext(), Call);
  std::string Name = (Go.IsDefer ? "goc__defer_" : "goc__go_") +
                     Function->getNameAsString() + "_" +
                     std::to_string(++Trampolines);
  std::string Values;
  for (const GoField &Field : Plan.Fields) {
    std::string Value = text(Field.Value->getSourceRange());
    if (Field.IsBlock)
      Value = "_Block_copy((const void *)(" + Value + "))";
    if (Values.empty() && Plan.ChecksCallee && !Go.IsDefer)
      Value = "(" +
              (Field.IsBlock ? "void *"
                             : declare(Field.Type, "", Call->getBeginLoc())) +
              ")goc_go_callee((void (*)(void))(" + Value + "))";
    if (Field.IsBlock && !DeclaredBlocks) {
      DeclaredBlocks = true;
      Prelude += "void *_Block_copy(const void *);\n"
                 "void _Block_release(const void *);\n";
    }
    Values += (Values.empty() ? "" : ", ") + Value;
  }
  if (Plan.Direct)
    declareCallee(Call->getDirectCallee(), Call->getBeginLoc());
  // The format is a variable there; clang has looked at it where it is written.
  bool Formats = Plan.Direct && Call->getDirectCallee()->hasAttr<FormatAttr>();
  if (Formats)
    Prelude += "#pragma GCC diagnostic push\n"
               "#pragma GCC diagnostic ignored \"-Wformat-security\"\n"
               "#pragma GCC diagnostic ignored \"-Wformat-nonliteral\"\n";
  Prelude += trampoline(Plan, Call, Name);
  if (Formats)
    Prelude += "#pragma GCC diagnostic pop\n";
  std::string Text =
      (Go.IsDefer ? "goc_frame_defer(&goc__frame, " : "goc_go(") + Name + ", ";
  if (Go.IsDefer)
    Deferring.insert(context());
  if (Plan.Fields.empty())
    Text += "(void *)0, 0)";
  else
    Text += "(struct " + Name + "[1]){{" + Values + "}}, sizeof(struct " +
            Name + "))";

  SourceManager &SM = CI.getSourceManager();
  SourceLocation Word = SM.getFileLoc(Go.Mark->getBeginLoc());
  unsigned Begin = SM.getFileOffset(Word);
  unsigned OperandBegin, End;
  if (!offsets(Go.Operand->getSourceRange(), OperandBegin, End))
    return fail(Word,
                "the call behind go or goc_defer is only a part of a macro");
  Changes.replace(
      Begin, End,
      padLines(Text, Changes.original().substr(Begin, End - Begin)));
}

/// Behind the first brace of BODY, on its line, what plugin/lower/Defer.cpp
/// puts there.
void Rewriting::addFrame(DeclContext *In, QualType Result, Stmt *Body) {
  if (!Deferring.count(In))
    return;
  std::string Declared;
  std::string Arguments = "(void *)0, 0";
  std::string Value;
  if (!Result->isVoidType()) {
    Declared = declare(Result, "goc__result", Body->getBeginLoc()) + "; ";
    Arguments = "&goc__result, sizeof goc__result";
    Value = " goc__result";
  }
  unsigned Begin, End;
  SourceLocation Brace = Body->getBeginLoc();
  if (!offsets(SourceRange(Brace, Brace), Begin, End))
    return fail(Brace, "a function that defers begins in a macro");
  Changes.replace(End, End,
                  " struct goc_frame goc__frame "
                  "__attribute__((__cleanup__(goc_frame_leave))); " +
                      Declared + "goc_frame_enter(&goc__frame, " + Arguments +
                      "); if (_setjmp(goc__frame.land)) return" + Value + ";");
}

} // namespace goc
