//===- Lowering.cpp - Puts calls of the runtime in place of marks ---------===//

#include "lower/Lowering.h"

using namespace clang;

namespace goc {

void Lowering::lower(FunctionDecl *F) {
  Function = F;
  Stmt *Body = F->getBody();
  walk(Body, F);
  if (Frames.count(F))
    F->setBody(withFrame(F, F->getReturnType(), Body));
  Frames.clear();
}

void Lowering::leaveBlock(BlockExpr *Expression) {
  BlockDecl *Block = Expression->getBlockDecl();
  if (!Frames.count(Block))
    return;
  // What is written may leave the type to be deduced.
  QualType Result = Expression->getFunctionType()->getReturnType();
  Block->setBody(
      cast<CompoundStmt>(withFrame(Block, Result, Block->getBody())));
}

void Lowering::leave(Stmt *&Slot) {
  if (auto Go = matchGo(Slot, Known))
    Slot = lowerGo(*Go);
  else if (auto Parts = matchSelect(Slot, Known))
    Slot = lowerSelect(*Parts);
  else if (auto *Block = dyn_cast<BlockExpr>(Slot))
    leaveBlock(Block);
}

} // namespace goc
