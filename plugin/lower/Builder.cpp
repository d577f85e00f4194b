//===- Builder.cpp - Makes the nodes that lowering puts in ----------------===//

#include "lower/Builder.h"

#include "clang/AST/Attr.h"

using namespace clang;

namespace goc {

Expr *Builder::integer(int64_t Value, QualType Type) const {
  unsigned Bits = Ctx.getIntWidth(Type);
  return IntegerLiteral::Create(
      Ctx, llvm::APInt(Bits, static_cast<uint64_t>(Value), true), Type, Loc);
}

Expr *Builder::null() const {
  return cast(integer(0, Ctx.IntTy), Ctx.VoidPtrTy, CK_NullToPointer);
}

Expr *Builder::reference(VarDecl *D) const {
  return DeclRefExpr::Create(Ctx, NestedNameSpecifierLoc(), SourceLocation(), D,
                             /*RefersToEnclosingVariableOrCapture=*/false, Loc,
                             D->getType(), VK_LValue);
}

Expr *Builder::load(Expr *E) const {
  return cast(E, E->getType().getUnqualifiedType(), CK_LValueToRValue);
}

Expr *Builder::addressOf(Expr *LValue) const {
  return UnaryOperator::Create(Ctx, LValue, UO_AddrOf,
                               Ctx.getPointerType(LValue->getType()),
                               VK_PRValue, OK_Ordinary, Loc,
                               /*CanOverflow=*/false, FPOptionsOverride());
}

Expr *Builder::cast(Expr *E, QualType To, CastKind Kind) const {
  return ImplicitCastExpr::Create(Ctx, To, Kind, E, /*BasePath=*/nullptr,
                                  VK_PRValue, FPOptionsOverride());
}

Expr *Builder::toVoidPointer(Expr *E, bool Const) const {
  QualType To =
      Const ? Ctx.getPointerType(Ctx.VoidTy.withConst()) : Ctx.VoidPtrTy;
  return cast(E, To, CK_BitCast);
}

Expr *Builder::member(Expr *Base, bool Arrow, FieldDecl *Field) const {
  return MemberExpr::CreateImplicit(Ctx, Base, Arrow, Field, Field->getType(),
                                    VK_LValue, OK_Ordinary);
}

Expr *Builder::decay(Expr *E) const {
  QualType Element = Ctx.getAsArrayType(E->getType())->getElementType();
  return cast(E, Ctx.getPointerType(Element), CK_ArrayToPointerDecay);
}

Expr *Builder::element(Expr *Array, unsigned Index) const {
  QualType Element = Ctx.getAsArrayType(Array->getType())->getElementType();
  return new (Ctx) ArraySubscriptExpr(decay(Array), integer(Index, Ctx.IntTy),
                                      Element, VK_LValue, OK_Ordinary, Loc);
}

Expr *Builder::call(FunctionDecl *F, ArrayRef<Expr *> Args) const {
  Expr *Name =
      DeclRefExpr::Create(Ctx, NestedNameSpecifierLoc(), SourceLocation(), F,
                          /*RefersToEnclosingVariableOrCapture=*/false, Loc,
                          F->getType(), VK_LValue);
  Expr *Callee =
      cast(Name, Ctx.getPointerType(F->getType()), CK_FunctionToPointerDecay);
  return CallExpr::Create(Ctx, Callee, Args, F->getReturnType(), VK_PRValue,
                          Loc, FPOptionsOverride());
}

InitListExpr *Builder::initializer(QualType Type,
                                   ArrayRef<Expr *> Values) const {
  auto *List = new (Ctx) InitListExpr(Ctx, Loc, Values, Loc);
  List->setType(Type);
  return List;
}

Expr *Builder::literal(QualType Type, ArrayRef<Expr *> Values) const {
  return new (Ctx) CompoundLiteralExpr(
      Loc, Ctx.getTrivialTypeSourceInfo(Type, Loc), Type, VK_LValue,
      initializer(Type, Values), /*fileScope=*/false);
}

Stmt *Builder::declare(VarDecl *D) const {
  return new (Ctx) DeclStmt(DeclGroupRef(D), Loc, Loc);
}

CompoundStmt *Builder::block(ArrayRef<Stmt *> Body) const {
  return CompoundStmt::Create(Ctx, Body, FPOptionsOverride(), Loc, Loc);
}

VarDecl *Builder::local(DeclContext *In, StringRef Name, QualType Type) const {
  VarDecl *D =
      VarDecl::Create(Ctx, In, Loc, Loc, &Ctx.Idents.get(Name), Type,
                      Ctx.getTrivialTypeSourceInfo(Type, Loc), SC_None);
  D->setImplicit();
  D->setReferenced();
  In->addHiddenDecl(D);
  return D;
}

RecordDecl *Builder::record(StringRef Name, ArrayRef<QualType> Fields,
                            bool Packed) const {
  TranslationUnitDecl *File = Ctx.getTranslationUnitDecl();
  RecordDecl *Record = RecordDecl::Create(Ctx, TagTypeKind::Struct, File, Loc,
                                          Loc, &Ctx.Idents.get(Name));
  Record->setImplicit();
  if (Packed)
    Record->addAttr(PackedAttr::CreateImplicit(Ctx));
  Record->startDefinition();
  unsigned Place = 0;
  for (QualType Type : Fields) {
    std::string FieldName = "a" + std::to_string(Place++);
    FieldDecl *Field = FieldDecl::Create(
        Ctx, Record, Loc, Loc, &Ctx.Idents.get(FieldName), Type,
        Ctx.getTrivialTypeSourceInfo(Type, Loc), /*BW=*/nullptr,
        /*Mutable=*/false, ICIS_NoInit);
    Record->addDecl(Field);
  }
  Record->completeDefinition();
  File->addHiddenDecl(Record);
  return Record;
}

FunctionDecl *Builder::function(StringRef Name, QualType Result,
                                ArrayRef<QualType> Parameters,
                                StorageClass Storage) const {
  TranslationUnitDecl *File = Ctx.getTranslationUnitDecl();
  QualType Type = Ctx.getFunctionType(Result, Parameters,
                                      FunctionProtoType::ExtProtoInfo());
  FunctionDecl *Function =
      FunctionDecl::Create(Ctx, File, Loc, Loc, &Ctx.Idents.get(Name), Type,
                           Ctx.getTrivialTypeSourceInfo(Type, Loc), Storage);
  llvm::SmallVector<ParmVarDecl *, 2> Params;
  for (QualType Parameter : Parameters)
    Params.push_back(ParmVarDecl::Create(
        Ctx, Function, Loc, Loc, nullptr, Parameter,
        Ctx.getTrivialTypeSourceInfo(Parameter, Loc), SC_None, nullptr));
  Function->setParams(Params);
  Function->setImplicit();
  File->addHiddenDecl(Function);
  return Function;
}

} // namespace goc
