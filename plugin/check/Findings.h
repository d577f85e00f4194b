//===- Findings.h - What is wrong in the user's words -----------*- C++ -*-===//
//
// Checks add findings while they walk; flush() reports them, in source order,
// once clang is between two declarations, where it is safe to report.
//
// clang itself complains of many of the same places, in terms of pointers to
// pointers to functions.  Those complaints are held back by Rewording and
// given here: one that a finding covers is dropped, any other is let out as it
// was.  So nothing that clang found is ever lost.
//
// -ferror-limit counts what the user sees: clang would count a complaint that
// is held back, and stop before what stands for it has been reported.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_CHECK_FINDINGS_H
#define GOC_PLUGIN_CHECK_FINDINGS_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceLocation.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallVector.h"

#include <string>
#include <vector>

namespace goc {

struct Finding {
  /// Where the caret stands, and what is underlined: locations in a file.
  clang::SourceLocation Loc;
  clang::CharSourceRange Range;
  std::string Message;
  /// What mends it for certain.
  llvm::SmallVector<clang::FixItHint, 2> Fixes;
  /// A second place; none where the text is empty.
  clang::SourceLocation NoteLoc;
  std::string Note;
};

/// One of clang's own complaints, held back.
struct Complaint {
  clang::DiagnosticsEngine::Level Level;
  clang::SourceLocation Loc;
  std::string Message;
  /// The text that it is about, in a file.
  llvm::SmallVector<clang::CharSourceRange, 4> Ranges;
};

class Findings {
public:
  /// Takes over DIAGS's limit of errors.
  explicit Findings(clang::DiagnosticsEngine &Diags);

  /// A second finding at the same place is dropped: the first check knew best.
  void add(Finding New);
  void hold(Complaint Own) { Held.push_back(std::move(Own)); }

  /// Whether one more error is within the limit; counts it.
  bool mayReport();

  /// Report all that was added and held since the last time.
  void flush();

private:
  bool covers(const Finding &Known, const Complaint &Plain) const;
  void report(const Finding &Known);
  void reportPending();

  clang::DiagnosticsEngine &Diags;
  unsigned Limit; // 0: none
  unsigned Reported = 0;
  std::vector<Finding> Pending;
  std::vector<Complaint> Held;
};

} // namespace goc

#endif // GOC_PLUGIN_CHECK_FINDINGS_H
