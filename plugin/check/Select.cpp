//===- Select.cpp - The shape of chan_select ------------------------------===//

#include "annotations/Select.h"
#include "annotations/Source.h"
#include "check/Check.h"

using namespace clang;

namespace goc {

/// goc_select takes no more (<goc/select.h>).
static constexpr size_t ArmsMax = 65535;

static const char *wordOf(Mark Kind) {
  switch (Kind) {
  case Mark::CaseRecv:
    return "chan_case_recv";
  case Mark::CaseSend:
    return "chan_case_send";
  default:
    return "chan_default";
  }
}

static void checkDefaults(const SelectParts &Parts, const CheckContext &C) {
  const SelectArm *First = nullptr;
  for (const SelectArm &Arm : Parts.Arms) {
    if (Arm.Kind != Mark::CaseDefault)
      continue;
    if (First) {
      const SourceManager &SM = C.Ctx.getSourceManager();
      C.Out.add({SM.getFileLoc(Arm.Case->getBeginLoc()),
                 {},
                 "multiple defaults in chan_select",
                 {},
                 SM.getFileLoc(First->Case->getBeginLoc()),
                 "the first is here"});
    } else {
      First = &Arm;
    }
  }
}

/// Of an arm whose expression clang dropped as it complained, what the word
/// itself made.
static bool isRestOfArm(const Stmt *Stray, const CheckContext &C) {
  if (!C.Ctx.getDiagnostics().hasUncompilableErrorOccurred())
    return false;
  StringRef Word = wordAround(C.Ctx, Stray->getBeginLoc()).Name;
  return Word == "chan_case_recv" || Word == "chan_case_send";
}

static void checkStrays(const SelectParts &Parts, const CheckContext &C) {
  bool BodyFollows = false;
  for (const Stmt *Stray : Parts.Strays) {
    bool Known = BodyFollows;
    BodyFollows = isRestOfArm(Stray, C);
    if (!Known && !BodyFollows)
      C.report(Stray->getBeginLoc(),
               "unexpected statement in chan_select, expected chan_case_recv, "
               "chan_case_send, chan_default or }");
  }
}

static void checkShape(const SelectParts &Parts, const CheckContext &C) {
  if (!Parts.Braces) {
    C.report(Parts.Switch->getBeginLoc(),
             "chan_select needs braces around its arms");
    return;
  }
  checkStrays(Parts, C);
  for (const SelectArm &Arm : Parts.Arms)
    if (!Arm.Body)
      C.report(Arm.Case->getBeginLoc(),
               std::string("missing body behind ") + wordOf(Arm.Kind));
  checkDefaults(Parts, C);
  if (Parts.Arms.size() > ArmsMax)
    C.report(Parts.Switch->getBeginLoc(), "too many arms in chan_select");
}

/// The chan_select that the innermost parents are the braces of.
static bool standsInSelect(const CheckContext &C) {
  size_t Count = C.Parents.size();
  return Count >= 3 && isa<CompoundStmt>(C.Parents[Count - 1]) &&
         isa<IfStmt>(C.Parents[Count - 2]) &&
         matchSelect(C.Parents[Count - 3], C.Known);
}

void checkSelect(Stmt *S, const CheckContext &C) {
  if (isa<SwitchStmt>(S)) {
    if (auto Parts = matchSelect(S, C.Known))
      checkShape(*Parts, C);
  } else if (isa<CaseStmt>(S)) {
    auto Arm = matchArm(S, C.Known);
    if (Arm && !standsInSelect(C))
      C.report(S->getBeginLoc(),
               std::string(wordOf(Arm->Kind)) +
                   " must stand directly between chan_select's braces");
  }
}

} // namespace goc
