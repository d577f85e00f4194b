//===- Findings.cpp - What is wrong in the user's words -------------------===//

#include "check/Findings.h"

#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/SourceManager.h"

#include <algorithm>

using namespace clang;

namespace goc {

Findings::Findings(DiagnosticsEngine &Diags)
    : Diags(Diags), Limit(Diags.getDiagnosticOptions().ErrorLimit) {
  Diags.setErrorLimit(0);
}

bool Findings::mayReport() { return !Limit || Reported++ < Limit; }

void Findings::add(Finding New) {
  for (const Finding &Known : Pending)
    if (Known.Loc == New.Loc)
      return;
  Pending.push_back(std::move(New));
}

/// Both are about the same text.
bool Findings::covers(const Finding &Known, const Complaint &Plain) const {
  const SourceManager &SM = Diags.getSourceManager();
  for (CharSourceRange Range : Plain.Ranges)
    if (!SM.isBeforeInTranslationUnit(Known.Loc, Range.getBegin()) &&
        SM.isBeforeInTranslationUnit(Known.Loc, Range.getEnd()))
      return true;
  return false;
}

void Findings::report(const Finding &Known) {
  {
    DiagnosticBuilder Report =
        Diags.Report(Known.Loc,
                     Diags.getCustomDiagID(DiagnosticsEngine::Error, "%0"))
        << Known.Message;
    if (Known.Range.isValid())
      Report << Known.Range;
    for (const FixItHint &Fix : Known.Fixes)
      Report << Fix;
  }
  if (!Known.Note.empty())
    Diags.Report(Known.NoteLoc,
                 Diags.getCustomDiagID(DiagnosticsEngine::Note, "%0"))
        << Known.Note;
}

void Findings::flush() {
  reportPending();
  if (Limit && Reported > Limit && !Diags.hasFatalErrorOccurred())
    Diags.Report(diag::fatal_too_many_errors);
}

void Findings::reportPending() {
  if (Pending.empty() && Held.empty())
    return;
  std::vector<Finding> Now = std::move(Pending);
  std::vector<Complaint> Own = std::move(Held);
  Pending.clear();
  Held.clear();
  const SourceManager &SM = Diags.getSourceManager();
  std::sort(Now.begin(), Now.end(), [&](const Finding &A, const Finding &B) {
    return SM.isBeforeInTranslationUnit(A.Loc, B.Loc);
  });
  for (const Finding &Known : Now)
    report(Known);
  for (const Complaint &Plain : Own) {
    bool Covered =
        std::any_of(Now.begin(), Now.end(),
                    [&](const Finding &Known) { return covers(Known, Plain); });
    if (Covered)
      continue;
    unsigned ID = Plain.Level >= DiagnosticsEngine::Error
                      ? Diags.getCustomDiagID(DiagnosticsEngine::Error, "%0")
                      : Diags.getCustomDiagID(DiagnosticsEngine::Warning, "%0");
    Diags.Report(Plain.Loc, ID) << Plain.Message;
  }
}

} // namespace goc
