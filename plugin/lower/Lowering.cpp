//===- Lowering.cpp - Puts calls of the runtime in place of marks ---------===//

#include "lower/Lowering.h"

using namespace clang;

namespace goc {

void Lowering::lower(FunctionDecl *F) {
  Function = F;
  Stmt *Body = F->getBody();
  walk(Body, F);
}

void Lowering::leave(Stmt *&Slot) {
  if (auto Go = matchGo(Slot, Known))
    Slot = lowerGo(*Go);
  else if (auto Parts = matchSelect(Slot, Known))
    Slot = lowerSelect(*Parts);
}

} // namespace goc
