//===- SelectText.cpp - chan_select as plain C ----------------------------===//
//
//   chan_select {                           {
//                                               struct goc_select_case
//                                               goc__cases_1[2]; chan_elem(c)
//                                               goc__elem_1_0;
//                                               goc__cases_1[0].chan =
//                                               (goc_chan *)(c); … switch
//                                               (goc_select(goc__cases_1, 2,
//                                               0))
//                                   #line 7 "t.c"
//                                           {
//     chan_case_recv(c, v) {…}                  case 0: (v) = goc__elem_1_0;
//     {…} chan_case_send(d, x) {…}                  break; case 1:; {…}
//   }                                       break; default:
//   __builtin_unreachable(); } }
//
//===----------------------------------------------------------------------===//

#include "rewrite/Rewriting.h"

#include "annotations/Source.h"

#include "clang/Frontend/CompilerInstance.h"

using namespace clang;

namespace goc {

static std::string casesName(unsigned Number) {
  return "goc__cases_" + std::to_string(Number);
}

static std::string elementName(unsigned Number, int Label) {
  return "goc__elem_" + std::to_string(Number) + "_" + std::to_string(Label);
}

/// The white space that the line of OFFSET begins with.
static std::string indentation(StringRef Text, unsigned Offset) {
  size_t Line = Text.take_front(Offset).rfind('\n') + 1;
  size_t End = Text.find_first_not_of(" \t", Line);
  return Text.slice(Line, End).str();
}

std::string Rewriting::selectHead(const SelectParts &Parts, unsigned Number,
                                  const std::string &Indent) {
  ASTContext &Ctx = CI.getASTContext();
  const std::string Line = Indent + "    ";
  std::string Elements, Assignments;
  bool HasDefault = false;
  int Label = 0;
  for (const SelectArm &Arm : Parts.Arms) {
    if (Arm.Kind == Mark::CaseDefault) {
      HasDefault = true;
      continue;
    }
    WordUse Use = wordAround(Ctx, Arm.Case->getBeginLoc());
    bool Sends = Arm.Kind == Mark::CaseSend;
    std::string Channel = text(argumentOf(Ctx, Use, 0));
    std::string Case = casesName(Number) + "[" + std::to_string(Label) + "].";
    std::string Element = "(void *)0";
    if (Sends) {
      Element = "(chan_elem(" + Channel + ")[1]){" +
                text(argumentOf(Ctx, Use, 1, /*ToEnd=*/true)) + "}";
    } else if (Arm.TakesValue) {
      std::string Name = elementName(Number, Label);
      Elements += Line + "chan_elem(" + Channel + ") " + Name + ";\n";
      Element = "&" + Name;
    }
    Assignments += Line + Case + "chan = (goc_chan *)(" + Channel + ");\n" +
                   Line + Case + "elem = " + Element + ";\n" + Line + Case +
                   "op = " + (Sends ? "GOC_SELECT_SEND" : "GOC_SELECT_RECV") +
                   ";\n";
    ++Label;
  }
  std::string Count = std::to_string(Label);
  std::string Head = "{\n";
  if (Label)
    Head += Line + "struct goc_select_case " + casesName(Number) + "[" + Count +
            "];\n";
  Head += Elements + Assignments + Line + "switch (goc_select(" +
          (Label ? casesName(Number) : std::string("(void *)0")) + ", " +
          Count + ", " + (HasDefault ? "1" : "0") + "))\n";
  return Head;
}

void Rewriting::rewriteArm(const SelectArm &Arm, int Label, unsigned Number,
                           bool First) {
  ASTContext &Ctx = CI.getASTContext();
  SourceManager &SM = CI.getSourceManager();
  SourceLocation Begin = Arm.Case->getBeginLoc();
  WordUse Use = wordAround(Ctx, Begin);
  std::string Text = First ? "" : "break; ";
  Text += "case " + std::to_string(Label) + ":";
  if (Arm.TakesValue)
    Text += " (" + text(argumentOf(Ctx, Use, 1)) +
            ") = " + elementName(Number, Label) + ";";
  if (Arm.OkSlot)
    Text += " (" + text(argumentOf(Ctx, Use, 2)) + ") = " + casesName(Number) +
            "[" + std::to_string(Label) + "].ok;";
  unsigned From = SM.getFileOffset(Use.Loc);
  unsigned To = Label < 0 ? From + static_cast<unsigned>(Use.Name.size())
                          : SM.getFileOffset(endOf(Ctx, Use));
  Changes.replace(From, To,
                  padLines(Text, Changes.original().substr(From, To - From)));
}

void Rewriting::rewriteSelect(const SelectParts &Parts) {
  SourceManager &SM = CI.getSourceManager();
  WordUse Use = wordAround(CI.getASTContext(), Parts.Switch->getBeginLoc());
  SourceLocation Close = Parts.Braces->getRBracLoc();
  if (Parts.Braces->getLBracLoc().isMacroID() || Close.isMacroID())
    return fail(Use.Loc, "the braces of chan_select come from a macro");
  unsigned Number = ++Selects;
  unsigned Word = SM.getFileOffset(Use.Loc);
  std::string Indent = indentation(Changes.original(), Word);
  std::string Head = selectHead(Parts, Number, Indent);
  int Next = 0;
  bool First = true;
  for (const SelectArm &Arm : Parts.Arms) {
    int Label = Arm.Kind == Mark::CaseDefault ? -1 : Next++;
    rewriteArm(Arm, Label, Number, First);
    First = false;
  }
  unsigned WordEnd = Word + static_cast<unsigned>(Use.Name.size());
  Changes.replace(Word, WordEnd, Head + lineMark(Parts.Braces->getLBracLoc()));
  unsigned End = SM.getFileOffset(Close);
  Changes.replace(End, End + 1,
                  std::string(First ? "" : "break; ") +
                      "default: __builtin_unreachable(); } }");
}

} // namespace goc
