//===- Element.cpp - Types that can be no element -------------------------===//
//
// The element type is a function's result type, so clang refuses arrays and
// functions itself.  void has no values, and a variably modified type has no
// size that the channel could keep.
//
//===----------------------------------------------------------------------===//

#include "annotations/Channel.h"
#include "annotations/Source.h"
#include "check/Check.h"

using namespace clang;

namespace goc {

void checkElement(Stmt *S, const CheckContext &C) {
  auto *Cast = dyn_cast<CStyleCastExpr>(S);
  if (!Cast || !Cast->getBeginLoc().isMacroID())
    return;
  auto Channel = asChannel(Cast->getType());
  if (!Channel || wordAround(C.Ctx, Cast->getBeginLoc()).Name != "chan_make")
    return;
  if (Channel->Element->isVoidType())
    C.report(Cast->getBeginLoc(), "invalid channel element type void");
  else if (Channel->Element->isVariablyModifiedType())
    C.report(Cast->getBeginLoc(), "invalid channel element type " +
                                      spell(C.Ctx, Channel->Element) +
                                      ": its size is not constant");
}

} // namespace goc
