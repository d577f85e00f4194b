//===- Select.cpp - chan_select becomes an array, goc_select and a switch -===//
//
//   chan_select {
//     chan_case_recv(c, v) A
//     chan_case_send(d, x) B
//     chan_default C
//   }
//
// becomes
//
//   {
//     T goc__elem;                                        // c's element type
//     struct goc_select_case goc__cases[2] = {{c, &goc__elem, RECV}, {d, &x,
//     SEND}}; switch (goc_select(goc__cases, 2, true)) { case 0: v = goc__elem;
//     A break; case 1: B break; case -1: C break; default:
//     __builtin_unreachable();
//     }
//   }
//
// The switch is the user's own node: break finds it, and so does every label.
//
//===----------------------------------------------------------------------===//

#include "lower/Lowering.h"

#include "Compat.h"

#include "clang/Frontend/CompilerInstance.h"

using namespace clang;

namespace goc {

/// enum goc_select_op of <goc/select.h>.
enum SelectOp { SelectRecv = 0, SelectSend = 1 };

/// The type of the elements that the arm assigns: what goc__case_recv's result
/// is cast to and followed as.
static QualType receivedType(const SelectArm &Arm) {
  Stmt *Root = nullptr;
  for (Stmt *Child : Arm.Case->children())
    Root = Child;
  // The cast is the one whose operand stands in the mark's slot.
  for (;;) {
    if (auto *Cast = dyn_cast<CStyleCastExpr>(Root))
      if (&*Cast->child_begin() == Arm.Slot)
        return Cast->getType()->getPointeeType();
    auto *Binary = dyn_cast<BinaryOperator>(Root);
    auto Next = Root->child_begin();
    if (Binary && Binary->getOpcode() == BO_Assign)
      ++Next;
    Root = *Next;
  }
}

/// Name ARM's part of the array, and put what it received where its mark
/// stands.  Statements that must run first are appended to BEFORE.
Expr *Lowering::lowerArm(const Builder &Make, SelectArm &Arm, unsigned Index,
                         VarDecl *Cases,
                         llvm::SmallVectorImpl<Stmt *> &Before) {
  ASTContext &Ctx = Make.context();
  Expr *Element = Make.null();
  bool Sends = Arm.Kind == Mark::CaseSend;
  if (Sends) {
    Element = Make.cast(Arm.element(), Ctx.VoidPtrTy, CK_BitCast);
  } else if (Arm.TakesValue) {
    VarDecl *Received = Make.local(context(), "goc__elem", receivedType(Arm));
    Before.push_back(Make.declare(Received));
    Element = Make.toVoidPointer(Make.addressOf(Make.reference(Received)));
    *Arm.Slot = Make.toVoidPointer(Make.addressOf(Make.reference(Received)));
  }
  if (Arm.OkSlot) {
    auto Ok = std::next(Known.selectCase()->field_begin(), 3);
    Expr *Case = Make.element(Make.reference(Cases), Index);
    *Arm.OkSlot = Make.load(Make.member(Case, /*Arrow=*/false, *Ok));
  }
  Expr *Fields[] = {
      Arm.channel(), Element,
      Make.integer(Sends ? SelectSend : SelectRecv, Ctx.IntTy),
      Make.cast(Make.integer(0, Ctx.IntTy), Ctx.BoolTy, CK_IntegralToBoolean)};
  return Make.initializer(typeOfRecord(Ctx, Known.selectCase()), Fields);
}

Stmt *Lowering::lowerSelect(SelectParts &Parts) {
  ASTContext &Ctx = CI.getASTContext();
  Builder Make(
      Ctx, CI.getSourceManager().getExpansionLoc(Parts.Switch->getBeginLoc()));
  unsigned Count = 0;
  bool HasDefault = false;
  for (const SelectArm &Arm : Parts.Arms) {
    HasDefault |= Arm.Kind == Mark::CaseDefault;
    Count += Arm.Kind != Mark::CaseDefault;
  }

  QualType ArrayType = Ctx.getConstantArrayType(
      typeOfRecord(Ctx, Known.selectCase()), llvm::APInt(64, Count), nullptr,
      ArraySizeModifier::Normal, 0);
  llvm::SmallVector<Stmt *, 8> Before;
  llvm::SmallVector<Stmt *, 16> Inside;
  llvm::SmallVector<Expr *, 8> Values;
  VarDecl *Cases =
      Count ? Make.local(context(), "goc__cases", ArrayType) : nullptr;
  for (SelectArm &Arm : Parts.Arms) {
    int64_t Label = -1;
    if (Arm.Kind != Mark::CaseDefault) {
      Label = static_cast<int64_t>(Values.size());
      Values.push_back(lowerArm(Make, Arm, Values.size(), Cases, Before));
    }
    Arm.Case->setLHS(Make.integer(Label, Ctx.IntTy));
    if (!Arm.TakesValue)
      Arm.Case->setSubStmt(new (Ctx) NullStmt(Arm.Case->getColonLoc()));
    Inside.push_back(Arm.Case);
    Inside.push_back(Arm.Body);
    Inside.push_back(new (Ctx) BreakStmt(Arm.Body->getEndLoc()));
  }
  Inside.push_back(Parts.Nowhere);
  Expr *Address = Make.null();
  if (Cases) {
    Cases->setInit(Make.initializer(ArrayType, Values));
    Before.push_back(Make.declare(Cases));
    Address = Make.decay(Make.reference(Cases));
  }
  Expr *Default = Make.cast(Make.integer(HasDefault, Ctx.IntTy), Ctx.BoolTy,
                            CK_IntegralToBoolean);
  Parts.Switch->setCond(
      Make.call(Known.selectFunction(),
                {Address, Make.integer(Count, Ctx.getSizeType()), Default}));
  Parts.Switch->setBody(CompoundStmt::Create(Ctx, Inside, FPOptionsOverride(),
                                             Parts.Braces->getLBracLoc(),
                                             Parts.Braces->getRBracLoc()));
  Before.push_back(Parts.Switch);
  return Make.block(Before);
}

} // namespace goc
