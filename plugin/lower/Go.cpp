//===- Go.cpp - go statements become calls of goc_go ----------------------===//
//
//   go f(a, b);      in main, the first of the file, becomes
//
//   struct goc__go_main_1 { A a0; B a1; };
//   static void goc__go_main_1.f(void *saved) {
//     f(((struct goc__go_main_1 *)saved)->a0, …->a1);
//   }
//   goc_go(goc__go_main_1.f, &(struct goc__go_main_1){a, b}, sizeof …);
//
// Of go p(a), p being a pointer to a function, a0 is goc_go_callee(p): go of
// NULL is fatal in who says it, a deferred call of NULL is so when it is
// called.
//
// A goc_defer differs in names, and in the function that takes the struct:
// Defer.cpp.
//
// The trampoline is artificial, and has the go statement's line: debuggers and
// stacks show where the user wrote `go`.
//
//===----------------------------------------------------------------------===//

#include "lower/Lowering.h"

#include "Compat.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/Attr.h"
#include "clang/Frontend/CompilerInstance.h"

using namespace clang;

namespace goc {

/// The saved value of FIELD as the call in the trampoline takes it.
static Expr *unpack(const Builder &Make, FunctionDecl *Trampoline,
                    RecordDecl *Saved, FieldDecl *Field, QualType As) {
  ASTContext &Ctx = Make.context();
  QualType Pointer = Ctx.getPointerType(typeOfRecord(Ctx, Saved));
  Expr *Base = Make.load(Make.reference(Trampoline->getParamDecl(0)));
  Base = Make.cast(Base, Pointer, CK_BitCast);
  Expr *Value = Make.load(Make.member(Base, /*Arrow=*/true, Field));
  if (As->isVariablyModifiedType())
    Value = Make.cast(Value, As, CK_BitCast);
  return Value;
}

/// VALUE, a function's or a block's, unless it is NULL.
static Expr *checkedCallee(const Builder &Make, FunctionDecl *Check,
                           Expr *Value) {
  QualType Type = Value->getType().getUnqualifiedType();
  Value = Make.cast(Value, Check->getParamDecl(0)->getType(), CK_BitCast);
  return Make.cast(Make.call(Check, {Value}), Type, CK_BitCast);
}

FunctionDecl *Lowering::blockFunction(FunctionDecl *&Cache, StringRef Name,
                                      bool Copies) {
  if (!Cache) {
    ASTContext &Ctx = CI.getASTContext();
    QualType ConstVoid = Ctx.getPointerType(Ctx.VoidTy.withConst());
    Builder Make(Ctx, Function->getLocation());
    Cache = Make.function(Name, Copies ? Ctx.VoidPtrTy : Ctx.VoidTy,
                          {ConstVoid}, SC_Extern);
  }
  return Cache;
}

FunctionDecl *Lowering::makeTrampoline(const GoPlan &Plan, CallExpr *Call,
                                       RecordDecl *Saved, StringRef Name) {
  ASTContext &Ctx = CI.getASTContext();
  Builder Make(Ctx, CI.getSourceManager().getExpansionLoc(Call->getBeginLoc()));
  FunctionDecl *Trampoline =
      Make.function(Name, Ctx.VoidTy, {Ctx.VoidPtrTy}, SC_Static);
  Trampoline->addAttr(ArtificialAttr::CreateImplicit(Ctx));

  llvm::SmallVector<Expr *, 8> Values;
  llvm::SmallVector<Stmt *, 4> Releases;
  auto Field = Saved ? Saved->field_begin() : RecordDecl::field_iterator();
  for (const GoField &Plain : Plan.Fields) {
    QualType As = Plain.Value->getType();
    Values.push_back(unpack(Make, Trampoline, Saved, *Field, As));
    if (Plain.IsBlock) {
      Expr *Again = unpack(Make, Trampoline, Saved, *Field, As);
      Releases.push_back(
          Make.call(blockFunction(BlockRelease, "_Block_release", false),
                    {Make.toVoidPointer(Again, /*Const=*/true)}));
    }
    ++Field;
  }
  Expr *Callee = Plan.Direct ? Call->getCallee() : Values.front();
  ArrayRef<Expr *> Args(Values);
  if (!Plan.Direct)
    Args = Args.drop_front();
  llvm::SmallVector<Stmt *, 4> Body;
  Body.push_back(CallExpr::Create(Ctx, Callee, Args, Call->getType(),
                                  Call->getValueKind(), Call->getRParenLoc(),
                                  Call->getFPFeatures()));
  Body.append(Releases);
  Trampoline->setBody(Make.block(Body));
  return Trampoline;
}

Expr *Lowering::lowerGo(const GoCall &Go) {
  ASTContext &Ctx = CI.getASTContext();
  Builder Make(Ctx,
               CI.getSourceManager().getExpansionLoc(Go.Whole->getBeginLoc()));
  CallExpr *Call = Go.call();
  GoPlan Plan = planGo(Ctx, Call);
  std::string Name = ((Go.IsDefer ? "goc__defer_" : "goc__go_") +
                      Function->getName() + "_" + llvm::Twine(++Trampolines))
                         .str();

  RecordDecl *Saved = nullptr;
  Expr *Address = Make.null();
  int64_t Size = 0;
  if (!Plan.Fields.empty()) {
    llvm::SmallVector<QualType, 8> Types;
    llvm::SmallVector<Expr *, 8> Values;
    for (const GoField &Field : Plan.Fields) {
      Expr *Value = Field.Value;
      if (Field.IsBlock)
        Value = Make.call(blockFunction(BlockCopy, "_Block_copy", true),
                          {Make.toVoidPointer(Value, /*Const=*/true)});
      else if (Value->getType()->isVariablyModifiedType())
        Value = Make.toVoidPointer(Value);
      if (Values.empty() && Plan.ChecksCallee && !Go.IsDefer)
        Value = checkedCallee(Make, Known.calleeFunction(), Value);
      if (Field.IsBlock)
        Value = Make.cast(Value, Field.Type, CK_AnyPointerToBlockPointerCast);
      Types.push_back(Field.Type);
      Values.push_back(Value);
    }
    Saved = Make.record(Name, Types, Plan.Packed);
    QualType Type = typeOfRecord(Ctx, Saved);
    Address = Make.addressOf(Make.literal(Type, Values));
    Size = Ctx.getTypeSizeInChars(Type).getQuantity();
  }
  // Behind the dot, for whoever reads symbols, who it is that runs.
  if (Plan.Direct)
    if (const FunctionDecl *Callee = Call->getDirectCallee())
      Name += ("." + Callee->getName()).str();
  FunctionDecl *Trampoline = makeTrampoline(Plan, Call, Saved, Name);
  CI.getASTConsumer().HandleTopLevelDecl(DeclGroupRef(Trampoline));

  Expr *Entry = DeclRefExpr::Create(
      Ctx, NestedNameSpecifierLoc(), SourceLocation(), Trampoline, false,
      Make.location(), Trampoline->getType(), VK_LValue);
  Entry = Make.cast(Entry, Ctx.getPointerType(Trampoline->getType()),
                    CK_FunctionToPointerDecay);
  Expr *SavedAddress = Make.toVoidPointer(Address, /*Const=*/true);
  Expr *SavedSize = Make.integer(Size, Ctx.getSizeType());
  if (!Go.IsDefer)
    return Make.call(Known.startFunction(), {Entry, SavedAddress, SavedSize});
  VarDecl *Frame = frameOf(context(), Make.location());
  return Make.call(
      Known.deferNames().Defer,
      {Make.addressOf(Make.reference(Frame)), Entry, SavedAddress, SavedSize});
}

} // namespace goc
