//===- Defer.cpp - A frame for functions that defer calls -----------------===//
//
// A function, or block, in which goc_defer stands:
//
//   T f(…) {
//     struct goc_frame goc__frame __attribute__((cleanup(goc_frame_leave)));
//     T goc__result;
//     goc_frame_enter(&goc__frame, &goc__result, sizeof goc__result);
//     if (_setjmp(goc__frame.land))
//       return goc__result;
//     {
//       …                     goc_frame_defer(&goc__frame, trampoline, …);
//     }
//   }
//
// The cleanup runs what was deferred, after the operand of return was
// evaluated.  After a recover the function goes on as if _setjmp had returned
// once more, and only returns: of its variables none but these two are used,
// both of which the runtime knows by address, so no register holds them.
//
//===----------------------------------------------------------------------===//

#include "lower/Lowering.h"

#include "Compat.h"

#include "clang/AST/Attr.h"
#include "clang/Frontend/CompilerInstance.h"

using namespace clang;

namespace goc {

VarDecl *Lowering::frameOf(DeclContext *In, SourceLocation Loc) {
  VarDecl *&Frame = Frames[In];
  if (!Frame) {
    ASTContext &Ctx = CI.getASTContext();
    const DeferNames &Names = Known.deferNames();
    Builder Make(Ctx, Loc);
    Frame = Make.local(In, "goc__frame", typeOfRecord(Ctx, Names.Frame));
    Frame->addAttr(CleanupAttr::CreateImplicit(Ctx, Names.Leave));
  }
  return Frame;
}

Stmt *Lowering::withFrame(DeclContext *In, QualType ResultType, Stmt *Body) {
  ASTContext &Ctx = CI.getASTContext();
  const DeferNames &Names = Known.deferNames();
  Builder Make(Ctx, Body->getBeginLoc());
  VarDecl *Frame = Frames[In];
  llvm::SmallVector<Stmt *, 5> All;
  All.push_back(Make.declare(Frame));

  Expr *Address = Make.null();
  Expr *Value = nullptr;
  int64_t Size = 0;
  if (!ResultType->isVoidType()) {
    QualType Type = ResultType.getUnqualifiedType();
    VarDecl *Result = Make.local(In, "goc__result", Type);
    All.push_back(Make.declare(Result));
    Address = Make.toVoidPointer(Make.addressOf(Make.reference(Result)));
    Value = Make.load(Make.reference(Result));
    Size = Ctx.getTypeSizeInChars(Type).getQuantity();
  }
  All.push_back(
      Make.call(Names.Enter, {Make.addressOf(Make.reference(Frame)), Address,
                              Make.integer(Size, Ctx.getSizeType())}));
  Expr *Landed = Make.call(
      Names.SetJump, {Make.decay(Make.member(Make.reference(Frame),
                                             /*Arrow=*/false, Names.Land))});
  Stmt *Return = ReturnStmt::Create(Ctx, Make.location(), Value, nullptr);
  All.push_back(IfStmt::Create(Ctx, Make.location(), IfStatementKind::Ordinary,
                               /*Init=*/nullptr, /*Var=*/nullptr, Landed,
                               Make.location(), Make.location(), Return));
  All.push_back(Body);
  auto *Braces = cast<CompoundStmt>(Body);
  return CompoundStmt::Create(Ctx, All, FPOptionsOverride(),
                              Braces->getLBracLoc(), Braces->getRBracLoc());
}

} // namespace goc
