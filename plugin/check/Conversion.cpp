//===- Conversion.cpp - Channels go only where they fit -------------------===//
//
// C converts pointers with a warning at most.  Here a channel converts to a
// channel of the same element and no more directions, to a condition, and to
// nothing else by itself.
//
//===----------------------------------------------------------------------===//

#include "annotations/Channel.h"
#include "annotations/Source.h"
#include "check/Check.h"
#include "check/Held.h"
#include "check/Received.h"

using namespace clang;

namespace goc {

namespace {

/// A word's demand of its channel, and what is said when it is not met.  The
/// operand stands between the two parts.
struct Demand {
  const char *Word;
  const char *Before;
  const char *After;
};

} // namespace

static constexpr Demand Demands[] = {
    {"chan_send", "invalid operation: cannot send to receive-only channel ",
     ""},
    {"chan_case_send",
     "invalid operation: cannot send to receive-only channel ", ""},
    {"chan_recv", "invalid operation: cannot receive from send-only channel ",
     ""},
    {"chan_recv_ok",
     "invalid operation: cannot receive from send-only channel ", ""},
    {"chan_case_recv",
     "invalid operation: cannot receive from send-only channel ", ""},
    {"chan_range", "cannot range over ", ": receive from send-only channel"},
    {"chan_close", "invalid operation: cannot close receive-only channel ", ""},
};

static bool isBare(const Stmt *S) {
  const auto *Call = dyn_cast_or_null<CallExpr>(S);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return Callee && Callee->getIdentifier() && Callee->getName() == "goc__bare";
}

/// The innermost parent that is neither parentheses nor an implicit cast; the
/// place of it in PARENTS is left in INDEX.
static Stmt *realParent(ArrayRef<Stmt *> Parents, size_t &Index) {
  for (Index = Parents.size(); Index-- > 0;)
    if (!isa<ParenExpr>(Parents[Index]) &&
        !isa<ImplicitCastExpr>(Parents[Index]))
      return Parents[Index];
  return nullptr;
}

static bool isGocChanPointer(QualType Type) {
  const auto *Record = Type->getPointeeType().isNull()
                           ? nullptr
                           : Type->getPointeeType()->getAsRecordDecl();
  return Record && Record->getName() == "goc_chan";
}

/// LEFT and RIGHT, of which one is a channel, meet in WHOLE.
static void reportMismatch(const CheckContext &C, const Expr *Whole,
                           const Expr *Left, const Expr *Right) {
  Left = Left->IgnoreParenImpCasts();
  Right = Right->IgnoreParenImpCasts();
  auto A = asChannel(Left->getType()), B = asChannel(Right->getType());
  if (A && B && (convertsTo(C.Ctx, *A, *B) || convertsTo(C.Ctx, *B, *A)))
    return;
  C.report(Left,
           "invalid operation: " + sourceText(C.Ctx, Whole->getSourceRange()) +
               " (mismatched types " + spell(C.Ctx, Left->getType()) + " and " +
               spell(C.Ctx, Right->getType()) + ")");
}

/// The conversion inside a word, to the channel type that it works on.
static bool reportDemand(const CheckContext &C, const Expr *From,
                         SourceLocation Loc) {
  StringRef Word = wordAround(C.Ctx, Loc).Name;
  for (const Demand &Each : Demands) {
    if (Word != Each.Word)
      continue;
    C.report(From, Each.Before + describe(C.Ctx, From) + Each.After);
    return true;
  }
  return false;
}

static void reportUse(const CheckContext &C, const Expr *From, QualType To) {
  std::string Message = "cannot use " + describe(C.Ctx, From) + " as " +
                        spell(C.Ctx, To) + " value" + placeOf(C.Ctx, C.Parents);
  bool Simple = isa<DeclRefExpr>(From) || isa<MemberExpr>(From) ||
                isa<ArraySubscriptExpr>(From);
  bool Cast = isGocChanPointer(To) || To->isVoidPointerType();
  if (!asChannel(From->getType()) || !Simple || !Cast) {
    C.report(From, Message);
    return;
  }
  SourceLocation Begin = fileRange(C.Ctx, From->getSourceRange()).getBegin();
  C.report(From, Message,
           FixItHint::CreateInsertion(
               Begin, isGocChanPointer(To) ? "(goc_chan *)" : "(void *)"));
}

/// Pointers that lead to a channel on one side and to anything else on the
/// other: through them a channel would become another.
static bool leadsAstray(const CheckContext &C, QualType From, QualType To) {
  while (From->isPointerType() && To->isPointerType()) {
    From = From->getPointeeType();
    To = To->getPointeeType();
    if (asChannel(From) || asChannel(To))
      return !To->isVoidType() && !From->isVoidType() &&
             !C.Ctx.typesAreCompatible(From.getUnqualifiedType(),
                                       To.getUnqualifiedType());
  }
  return false;
}

/// Whether an implicit conversion of FROM to TO is one that C makes silently
/// or clang only warns of, and Go's rules forbid.
static bool isForbidden(const CheckContext &C, const Expr *From, QualType To,
                        CastKind Kind) {
  auto A = asChannel(From->getType()), B = asChannel(To);
  if (A && B)
    return !convertsTo(C.Ctx, *A, *B);
  if (A)
    return To->isPointerType() || Kind == CK_PointerToIntegral;
  if (B)
    return !From->getType()->isVoidPointerType() && Kind != CK_NullToPointer;
  return leadsAstray(C, From->getType(), To);
}

void checkConversion(Stmt *S, const CheckContext &C) {
  auto *Cast = dyn_cast<ImplicitCastExpr>(S);
  if (!Cast)
    return;
  CastKind Kind = Cast->getCastKind();
  if (Kind != CK_BitCast && Kind != CK_NoOp && Kind != CK_PointerToIntegral &&
      Kind != CK_IntegralToPointer)
    return;
  const Expr *From = Cast->getSubExpr()->IgnoreParenImpCasts();
  QualType To = Cast->getType();
  if (!isForbidden(C, From, To, Kind) ||
      belongsToHolding(C.Ctx, Cast, C.Parents) || asReceived(From))
    return; // of the last two, Send.cpp and Receive.cpp know more
  size_t Index;
  Stmt *Parent = realParent(C.Parents, Index);
  if (isBare(Parent) && !asChannel(To))
    return; // goc.h itself hands the channel to the runtime
  if (auto *Op = dyn_cast_or_null<BinaryOperator>(Parent);
      Op && Op->isComparisonOp())
    return reportMismatch(C, Op, Op->getLHS(), Op->getRHS());
  if (auto *Choice = dyn_cast_or_null<ConditionalOperator>(Parent);
      Choice && Choice->getCond() != Cast && To->isVoidPointerType())
    return reportMismatch(C, Choice, Choice->getTrueExpr(),
                          Choice->getFalseExpr());
  // {(chan_send_only(T)){c}} inside a word: the literal's parent is the call.
  if (isa_and_nonnull<InitListExpr>(Parent) && Index >= 2 &&
      isa<CompoundLiteralExpr>(C.Parents[Index - 1]) &&
      reportDemand(C, From, C.Parents[Index - 1]->getBeginLoc()))
    return;
  reportUse(C, From, To);
}

} // namespace goc
