//===- Rewording.cpp - clang's complaints about goc's words ---------------===//

#include "check/Rewording.h"

#include "annotations/Channel.h"
#include "annotations/Source.h"

#include "clang/Basic/DiagnosticSema.h"

#include <set>

using namespace clang;

namespace goc {
namespace {

/// What clang says, as far as a rule needs it.
struct Said {
  ASTContext &Ctx;
  const Diagnostic &Info;
  WordUse Use;
  StringRef Word;

  /// The N-th argument as a type; null where it is none.
  QualType type(unsigned N) const {
    if (N >= Info.getNumArgs() ||
        Info.getArgKind(N) != DiagnosticsEngine::ak_qualtype)
      return QualType();
    return QualType::getFromOpaquePtr(
        reinterpret_cast<void *>(Info.getRawArg(N)));
  }

  /// The channel that the word works on, as it is written.
  SourceRange channel() const {
    return argumentOf(Ctx, Use, Word == "chan_range" ? 1 : 0);
  }
};

/// What to say instead, and where; an empty message leaves clang its own.
struct Reworded {
  std::string Message;
  SourceRange Range;
};

bool isOneOf(StringRef Word, std::initializer_list<StringRef> Words) {
  return llvm::is_contained(Words, Word);
}

Reworded rewordArm(const Said &S) {
  if (!isOneOf(S.Word, {"chan_case_recv", "chan_case_send", "chan_default"}))
    return {};
  return {S.Word.str() + " outside chan_select", S.Use.Loc};
}

/// A word that works on channels was given something else.
Reworded rewordOperand(const Said &S) {
  SourceRange Channel = S.channel();
  if (S.Word.empty() || isOneOf(S.Word, {"go", "chan_make"}) ||
      Channel.isInvalid())
    return {};
  const char *Verb = "use";
  if (isOneOf(S.Word, {"chan_send", "chan_case_send"}))
    Verb = "send to";
  else if (isOneOf(S.Word, {"chan_recv", "chan_recv_ok", "chan_case_recv"}))
    Verb = "receive from";
  else if (S.Word == "chan_range")
    Verb = "range over";
  else if (S.Word == "chan_close")
    Verb = "close";
  return {std::string("invalid operation: cannot ") + Verb + " non-channel " +
              sourceText(S.Ctx, Channel),
          Channel};
}

Reworded rewordValue(const Said &S) {
  if (!isOneOf(S.Word, {"chan_send", "chan_case_send"}) || S.type(0).isNull() ||
      S.type(1).isNull())
    return {};
  SourceRange Value = argumentOf(S.Ctx, S.Use, 1, /*ToEnd=*/true);
  if (Value.isInvalid())
    return {};
  return {"cannot use " + sourceText(S.Ctx, Value) + " (value of type " +
              spell(S.Ctx, S.type(0)) + ") as " + spell(S.Ctx, S.type(1)) +
              " value in send",
          Value};
}

Reworded rewordElement(const Said &S) {
  if (!S.Word.starts_with("chan") || S.type(1).isNull())
    return {};
  return {"invalid channel element type " + spell(S.Ctx, S.type(1)) +
              ": it cannot be copied by assignment",
          S.Use.Loc};
}

/// What is received goes where a struct or its like cannot go.  clang names the
/// two types in an order that depends on what is done.
Reworded rewordReceived(const Said &S) {
  if (S.type(0).isNull() || S.type(1).isNull())
    return {};
  if (S.Word == "chan_case_recv") {
    bool Ok = S.type(1)->isBooleanType();
    SourceRange Target = argumentOf(S.Ctx, S.Use, Ok ? 2 : 1);
    if (Target.isInvalid())
      return {};
    return {"cannot use received " + std::string(Ok ? "ok" : "value") +
                " of type " + spell(S.Ctx, S.type(1)) + " as " +
                spell(S.Ctx, S.type(0)) + " value in assignment",
            Target};
  }
  if (S.Word == "chan_recv_ok") {
    SourceRange Target = argumentOf(S.Ctx, S.Use, 1, /*ToEnd=*/true);
    if (Target.isInvalid())
      return {};
    return {"cannot use " + sourceText(S.Ctx, Target) + " (value of type " +
                spell(S.Ctx, S.type(1)) + ") as " + spell(S.Ctx, S.type(0)) +
                " value in argument to chan_recv_ok",
            Target};
  }
  if (S.Info.getNumRanges() == 0)
    return {};
  WordUse Source = wordAround(S.Ctx, S.Info.getRange(0).getBegin());
  if (Source.Name != "chan_recv")
    return {};
  constexpr uint64_t Assigning = 0, Initializing = 4; // of the %select
  uint64_t Done = S.Info.getRawArg(2);
  bool FromFirst = Done != Assigning && Done != Initializing;
  QualType From = S.type(FromFirst ? 0 : 1), To = S.type(FromFirst ? 1 : 0);
  return {"cannot use " + sourceText(S.Ctx, S.Info.getRange(0).getAsRange()) +
              " (value of type " + spell(S.Ctx, From) + ") as " +
              spell(S.Ctx, To) + " value",
          S.Info.getRange(0).getAsRange()};
}

/// `go f(x) + 1` parses as ((void)f(x)) + 1.
Reworded rewordGo(const Said &S) {
  if (S.Info.getNumRanges() == 0)
    return {};
  SourceLocation Begin = S.Info.getRange(0).getBegin();
  if (wordAround(S.Ctx, Begin).Name != "go")
    return {};
  return {"expression in go must be function call", S.Info.getLocation()};
}

struct Rule {
  unsigned ID;
  Reworded (*Reword)(const Said &S);
};

const Rule Rules[] = {
    {diag::err_case_not_in_switch, rewordArm},
    {diag::err_break_not_in_loop_or_switch, rewordArm},
    {diag::err_typecheck_indirection_requires_pointer, rewordOperand},
    {diag::err_typecheck_call_not_function, rewordOperand},
    {diag::err_typecheck_cond_incompatible_operands, rewordValue},
    {diag::err_func_returning_array_function, rewordElement},
    {diag::err_typecheck_invalid_operands, rewordGo},
    {diag::err_typecheck_cond_expect_scalar, rewordGo},
    {diag::err_typecheck_convert_incompatible, rewordReceived},
};

/// What a check finds again on the finished tree.
constexpr unsigned Checked[] = {
    diag::ext_typecheck_convert_incompatible_pointer,
    diag::ext_typecheck_convert_discards_qualifiers,
    diag::ext_nested_pointer_qualifier_mismatch,
    diag::ext_typecheck_convert_int_pointer,
    diag::ext_typecheck_convert_pointer_int,
    diag::ext_typecheck_cond_incompatible_pointers,
    diag::ext_typecheck_cond_pointer_integer_mismatch,
    diag::ext_typecheck_comparison_of_distinct_pointers,
    diag::ext_typecheck_comparison_of_pointer_integer,
};

class Client : public DiagnosticConsumer {
public:
  Client(DiagnosticsEngine &Diags, ASTContext &Ctx,
         std::shared_ptr<Findings> Out)
      : Ctx(Ctx), Out(std::move(Out)), Owned(Diags.takeClient()),
        Next(Owned ? *Owned : *Diags.getClient()) {}

  void BeginSourceFile(const LangOptions &Lang,
                       const Preprocessor *PP) override {
    Next.BeginSourceFile(Lang, PP);
  }
  void EndSourceFile() override { Next.EndSourceFile(); }
  void finish() override { Next.finish(); }
  void clear() override {
    DiagnosticConsumer::clear();
    Next.clear();
  }
  bool IncludeInDiagnosticCounts() const override {
    return Next.IncludeInDiagnosticCounts();
  }

  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    if (Level == DiagnosticsEngine::Note && Silent)
      return; // it belongs to what was not passed on
    if (Level >= DiagnosticsEngine::Warning)
      Silent = keepsBack(Level, Info);
    if (Silent && Level >= DiagnosticsEngine::Warning)
      return;
    if (Level == DiagnosticsEngine::Error && !Out->mayReport()) {
      Silent = true;
      return;
    }
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    Next.HandleDiagnostic(Level, Info);
  }

private:
  static bool isChecked(unsigned ID) { return llvm::is_contained(Checked, ID); }

  /// Of a channel, or of a value that a word gives.
  bool concernsWords(const Said &S) const {
    for (const CharSourceRange &Range : S.Info.getRanges())
      if (!wordAround(Ctx, Range.getBegin()).Name.empty())
        return true;
    for (unsigned I = 0; I < S.Info.getNumArgs(); ++I)
      if (QualType Type = S.type(I); !Type.isNull() && leadsToChannel(Type))
        return true;
    return false;
  }

  /// Apply the rule for what S says, if there is one.
  bool rewords(const Said &S) {
    for (const Rule &Each : Rules) {
      if (Each.ID != S.Info.getID())
        continue;
      Reworded New = Each.Reword(S);
      if (New.Message.empty())
        return false;
      CharSourceRange Range = fileRange(Ctx, New.Range);
      Out->add({Range.getBegin(), Range, std::move(New.Message), {}, {}, {}});
      return true;
    }
    return false;
  }

  void hold(DiagnosticsEngine::Level Level, const Diagnostic &Info,
            StringRef Text) {
    Complaint Own{Level, Info.getLocation(), Text.str(), {}};
    StringRef Option =
        Info.getDiags()->getDiagnosticIDs()->getWarningOptionForDiag(
            Info.getID());
    if (!Option.empty())
      Own.Message += (" [-W" + Option + "]").str();
    Own.Ranges.push_back(fileRange(Ctx, SourceRange(Info.getLocation())));
    for (const CharSourceRange &Range : Info.getRanges())
      Own.Ranges.push_back(fileRange(Ctx, Range.getAsRange()));
    Out->hold(std::move(Own));
  }

  bool keepsBack(DiagnosticsEngine::Level Level, const Diagnostic &Info) {
    SourceLocation Loc = Info.getLocation();
    if (Loc.isInvalid())
      return false;
    WordUse Use = wordAround(Ctx, Loc);
    Said S{Ctx, Info, Use, Use.Name};
    bool Word = !Use.Name.empty();
    if (Word && Use.Loc == Spoiled)
      return true; // what follows from it says nothing new
    if (rewords(S)) {
      Spoiled = Use.Loc;
      return true;
    }
    if (!Word && !(isChecked(Info.getID()) && concernsWords(S)))
      return false;
    llvm::SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    if (isChecked(Info.getID())) {
      hold(Level, Info, Text);
      return true;
    }
    unsigned Place = Ctx.getSourceManager().getFileLoc(Loc).getRawEncoding();
    return !Once.insert({Place, Text.str().str()}).second;
  }

  ASTContext &Ctx;
  std::shared_ptr<Findings> Out;
  std::unique_ptr<DiagnosticConsumer> Owned;
  DiagnosticConsumer &Next;
  std::set<std::pair<unsigned, std::string>> Once;
  /// The word whose use has been complained of last.
  SourceLocation Spoiled;
  bool Silent = false;
};

} // namespace

void installRewording(DiagnosticsEngine &Diags, ASTContext &Ctx,
                      std::shared_ptr<Findings> Out) {
  bool Owns = true;
  Diags.setClient(new Client(Diags, Ctx, std::move(Out)), Owns);
}

} // namespace goc
