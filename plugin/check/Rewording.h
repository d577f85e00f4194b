//===- Rewording.h - clang's complaints about goc's words -------*- C++ -*-===//
//
// Stands before the client that prints diagnostics.  What clang says of
// channels and of the inside of goc's words is
//
//   reworded     where a rule knows what Go would say,
//   held back    where a check will find the same (see Findings),
//   said once    where a word names its argument several times,
//
// and everything else is passed on untouched.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_CHECK_REWORDING_H
#define GOC_PLUGIN_CHECK_REWORDING_H

#include "check/Findings.h"

#include "clang/AST/ASTContext.h"

#include <memory>

namespace goc {

/// Put the rewording client before DIAGS's own, which it then owns if DIAGS
/// did.  OUT is shared: the client may outlive the consumer that flushes it.
void installRewording(clang::DiagnosticsEngine &Diags, clang::ASTContext &Ctx,
                      std::shared_ptr<Findings> Out);

} // namespace goc

#endif // GOC_PLUGIN_CHECK_REWORDING_H
