//===- Select.cpp - Recognises chan_select and its arms -------------------===//

#include "annotations/Select.h"

using namespace clang;

namespace goc {

/// The slot of the value that E computes: behind casts and `*`, and on the
/// right of an assignment.
static Stmt **valueSlot(Stmt **Slot) {
  for (;;) {
    Stmt *S = *Slot;
    if (auto *Assign = dyn_cast<BinaryOperator>(S)) {
      if (Assign->getOpcode() != BO_Assign)
        return Slot;
      Slot = &*std::next(Assign->child_begin());
    } else if (isa<CastExpr>(S) || isa<ParenExpr>(S) || isa<FullExpr>(S)) {
      Slot = &*S->child_begin();
    } else if (auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->getOpcode() != UO_Deref)
        return Slot;
      Slot = &*S->child_begin();
    } else {
      return Slot;
    }
  }
}

std::optional<SelectArm> matchArm(Stmt *S, const Marks &Known) {
  auto *Case = dyn_cast<CaseStmt>(S);
  if (!Case || !Case->getSubStmt())
    return std::nullopt;
  SelectArm Arm;
  Arm.Case = Case;
  // A case's children are its label's value and what it labels.
  Stmt **Slot = nullptr;
  for (Stmt *&Child : Case->children())
    Slot = &Child;
  if (isa<FullExpr>(*Slot))
    Slot = &*(*Slot)->child_begin();
  auto *Comma = dyn_cast<BinaryOperator>(*Slot);
  if (Comma && Comma->getOpcode() == BO_Comma) {
    Stmt **Ok = valueSlot(&*std::next(Comma->child_begin()));
    if (Known.of(*Ok) != Mark::CaseOk)
      return std::nullopt;
    Arm.OkSlot = Ok;
    Slot = &*Comma->child_begin();
  }
  Arm.TakesValue = isa<BinaryOperator>(*Slot);
  Arm.Slot = valueSlot(Slot);
  Arm.Kind = Known.of(*Arm.Slot);
  if (Arm.Kind != Mark::CaseRecv && Arm.Kind != Mark::CaseSend &&
      Arm.Kind != Mark::CaseDefault)
    return std::nullopt;
  Arm.Call = cast<CallExpr>(*Arm.Slot);
  return Arm;
}

/// Sort the statements between the braces into arms and strays.
static void matchBody(SelectParts &Parts, const Marks &Known) {
  llvm::SmallVector<Stmt *, 16> Body(Parts.Braces->body());
  for (size_t I = 0; I < Body.size(); ++I) {
    bool Ends = isa<BreakStmt>(Body[I]) && I + 1 < Body.size() &&
                matchArm(Body[I + 1], Known);
    if (Ends)
      continue;
    if (auto Arm = matchArm(Body[I], Known)) {
      Parts.Arms.push_back(*Arm);
      continue;
    }
    bool NextIsBody = !Parts.Arms.empty() && !Parts.Arms.back().Body;
    if (NextIsBody && !isa<DeclStmt>(Body[I]))
      Parts.Arms.back().Body = Body[I];
    else
      Parts.Strays.push_back(Body[I]);
  }
}

std::optional<SelectParts> matchSelect(Stmt *S, const Marks &Known) {
  auto *Switch = dyn_cast<SwitchStmt>(S);
  if (!Switch ||
      Known.of(Switch->getCond()->IgnoreParenImpCasts()) != Mark::Select)
    return std::nullopt;
  SelectParts Parts;
  Parts.Switch = Switch;
  auto *If = dyn_cast<IfStmt>(Switch->getBody());
  if (!If)
    return Parts;
  if (auto *Then = dyn_cast<CompoundStmt>(If->getThen()))
    for (Stmt *Child : Then->body())
      if (auto *Nowhere = dyn_cast<DefaultStmt>(Child))
        Parts.Nowhere = Nowhere;
  Parts.Braces = dyn_cast_or_null<CompoundStmt>(If->getElse());
  if (Parts.Braces)
    matchBody(Parts, Known);
  return Parts;
}

} // namespace goc
