//===- Rewriting.cpp - The words of a file become plain C -----------------===//

#include "rewrite/Rewriting.h"

#include "annotations/Channel.h"
#include "annotations/Source.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;

namespace goc {

void Rewriting::note(const Token &Tok) {
  // Only what a macro made is ever printed token by token.
  if (Tok.isAnnotation() || !Tok.getLocation().isMacroID())
    return;
  TokenAt[Tok.getLocation().getRawEncoding()] = Tokens.size();
  Tokens.push_back(Tok);
}

void Rewriting::fail(SourceLocation Loc, std::string Message) {
  Errors.push_back({CI.getSourceManager().getFileLoc(Loc), std::move(Message)});
}

void Rewriting::rewrite(FunctionDecl *F) {
  SourceManager &SM = CI.getSourceManager();
  if (!SM.isWrittenInMainFile(SM.getFileLoc(F->getLocation()))) {
    fail(F->getLocation(), "goc's words stand in a file that is included; "
                           "rewrite that file and include what comes out");
    return;
  }
  Function = F;
  Prelude.clear();
  Stmt *Body = F->getBody();
  walk(Body, F);
  addFrame(F, F->getReturnType(), Body);
  Deferring.clear();
  if (!Prelude.empty())
    insertBefore(F, Prelude);
}

void Rewriting::leave(Stmt *&Slot) {
  if (auto Go = matchGo(Slot, Known))
    rewriteGo(*Go);
  else if (auto Parts = matchSelect(Slot, Known))
    rewriteSelect(*Parts);
  else if (auto *Block = dyn_cast<BlockExpr>(Slot)) {
    BlockDecl *Inside = Block->getBlockDecl();
    addFrame(Inside, Block->getFunctionType()->getReturnType(),
             Inside->getBody());
  }
}

bool Rewriting::offsets(SourceRange Range, unsigned &Begin,
                        unsigned &End) const {
  SourceManager &SM = CI.getSourceManager();
  CharSourceRange InFile = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(Range), SM, CI.getLangOpts());
  if (InFile.isInvalid())
    return false;
  Begin = SM.getFileOffset(InFile.getBegin());
  End = SM.getFileOffset(InFile.getEnd());
  return true;
}

std::string Rewriting::text(SourceRange Range) const {
  unsigned Begin, End;
  if (offsets(Range, Begin, End))
    return Changes.text(Begin, End);
  auto First = TokenAt.find(Range.getBegin().getRawEncoding());
  auto Last = TokenAt.find(Range.getEnd().getRawEncoding());
  std::string Text;
  if (First == TokenAt.end() || Last == TokenAt.end())
    return sourceText(CI.getASTContext(), Range);
  for (size_t I = First->second; I <= Last->second; ++I) {
    if (!Text.empty())
      Text += ' ';
    Text += CI.getPreprocessor().getSpelling(Tokens[I]);
  }
  return Text;
}

/// TYPE needs a name that only the inside of a function knows.
static bool namesLocal(QualType Type) {
  if (const auto *Tag = Type->getAsTagDecl())
    return Tag->getParentFunctionOrMethod() != nullptr;
  if (!Type->getPointeeType().isNull())
    return namesLocal(Type->getPointeeType());
  if (const auto *Function = Type->getAs<FunctionProtoType>()) {
    for (QualType Parameter : Function->param_types())
      if (namesLocal(Parameter))
        return true;
    return namesLocal(Function->getReturnType());
  }
  return false;
}

/// TYPE, or what it points to, is written as a typedef's name of file scope.
static bool isWrittenByName(QualType Type) {
  while (!Type.isNull() && Type->getAs<TypedefType>() == nullptr &&
         !Type->getPointeeType().isNull())
    Type = Type->getPointeeType();
  const auto *Name = Type.isNull() ? nullptr : Type->getAs<TypedefType>();
  return Name && !Name->getDecl()->getParentFunctionOrMethod();
}

/// TEXT, a declaration, has what clang prints for a type without a name.
static bool hasNoName(StringRef Text) {
  for (const char *Kind : {"struct at ", "union at ", "enum at "})
    if (Text.contains(std::string("(unnamed ") + Kind) ||
        Text.contains(std::string("(anonymous ") + Kind))
      return true;
  return false;
}

std::string Rewriting::declare(QualType Type, StringRef Name,
                               SourceLocation Loc) {
  if (namesLocal(Type))
    fail(Loc, "an argument of go has a type that is declared in '" +
                  Function->getNameAsString() + "' and has no name outside");
  if (asChannel(Type))
    return spell(CI.getASTContext(), Type) + " " + Name.str();
  Type = Type.getUnqualifiedType();
  std::string Text = Name.str();
  if (!isWrittenByName(Type))
    Type = Type.getCanonicalType();
  Type.getAsStringInternal(Text, PrintingPolicy(CI.getLangOpts()));
  if (hasNoName(Text))
    fail(Loc, "an argument of go has a type without a name");
  return Text;
}

std::string Rewriting::lineMark(SourceLocation Loc) const {
  SourceManager &SM = CI.getSourceManager();
  PresumedLoc Place = SM.getPresumedLoc(SM.getFileLoc(Loc));
  std::string File;
  for (char C : StringRef(Place.getFilename())) {
    if (C == '"' || C == '\\')
      File += '\\';
    File += C;
  }
  return "#line " + std::to_string(Place.getLine()) + " \"" + File + "\"\n";
}

/// Before its attributes in double brackets, which would else belong to TEXT.
static size_t skipAttributesBack(StringRef Text, size_t At) {
  for (;;) {
    StringRef Before = Text.take_front(At).rtrim();
    if (!Before.ends_with("]]"))
      return At;
    size_t Open = Before.rfind("[[");
    if (Open == StringRef::npos)
      return At;
    At = Open;
  }
}

void Rewriting::insertBefore(FunctionDecl *F, std::string Text) {
  SourceManager &SM = CI.getSourceManager();
  SourceLocation Begin = SM.getFileLoc(F->getBeginLoc());
  StringRef Original = Changes.original();
  size_t At = skipAttributesBack(Original, SM.getFileOffset(Begin));
  SourceLocation Place =
      SM.getLocForStartOfFile(SM.getMainFileID())
          .getLocWithOffset(static_cast<SourceLocation::IntTy>(At));
  bool LineStart = At == 0 || Original[At - 1] == '\n';
  Text = (LineStart ? "" : "\n") + Text + lineMark(Place);
  Changes.replace(static_cast<unsigned>(At), static_cast<unsigned>(At),
                  std::move(Text));
}

} // namespace goc
