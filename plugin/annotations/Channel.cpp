//===- Channel.cpp - Channel types by their shape -------------------------===//

#include "annotations/Channel.h"

#include "clang/AST/Decl.h"

using namespace clang;

namespace goc {

static Direction directionOf(QualType Middle) {
  if (Middle.isConstQualified())
    return Middle.isVolatileQualified() ? Direction::Neither
                                        : Direction::SendOnly;
  return Middle.isVolatileQualified() ? Direction::RecvOnly : Direction::Both;
}

std::optional<ChannelType> asChannel(QualType Type) {
  const auto *Outer = Type->getAs<PointerType>();
  if (!Outer)
    return std::nullopt;
  QualType Middle = Outer->getPointeeType();
  const auto *Inner = Middle->getAs<PointerType>();
  if (!Inner)
    return std::nullopt;
  const auto *Function = Inner->getPointeeType()->getAs<FunctionProtoType>();
  if (!Function || Function->getNumParams() != 1)
    return std::nullopt;
  const auto *Record =
      Function->getParamType(0)->getPointeeType().isNull()
          ? nullptr
          : Function->getParamType(0)->getPointeeType()->getAsRecordDecl();
  if (!Record || Record->getName() != "goc_elem")
    return std::nullopt;
  return ChannelType{directionOf(Middle.getCanonicalType()),
                     Function->getReturnType()};
}

bool leadsToChannel(QualType Type) {
  while (!asChannel(Type)) {
    if (!Type->isPointerType())
      return false;
    Type = Type->getPointeeType();
  }
  return true;
}

bool convertsTo(ASTContext &Ctx, const ChannelType &From,
                const ChannelType &To) {
  if (!Ctx.typesAreCompatible(From.Element, To.Element))
    return false;
  return From.Way == Direction::Both || From.Way == To.Way ||
         To.Way == Direction::Neither;
}

/// TYPE without the __typeof__ that goc.h spells it with.
static QualType withoutTypeof(ASTContext &Ctx, QualType Type) {
  while (isa<TypeOfType>(Type) || isa<TypeOfExprType>(Type))
    Type = Type.getSingleStepDesugaredType(Ctx);
  if (const auto *Pointer = dyn_cast<PointerType>(Type.getTypePtr())) {
    QualType Pointee = withoutTypeof(Ctx, Pointer->getPointeeType());
    return Ctx.getQualifiedType(Ctx.getPointerType(Pointee),
                                Type.getQualifiers());
  }
  return Type;
}

std::string spell(ASTContext &Ctx, QualType Type) {
  if (auto Channel = asChannel(Type)) {
    static constexpr const char *Words[] = {"chan(", "chan_send_only(",
                                            "chan_recv_only(", "channel of ("};
    return Words[static_cast<unsigned>(Channel->Way)] +
           spell(Ctx, Channel->Element) + ")";
  }
  if (leadsToChannel(Type))
    return spell(Ctx, Type->getPointeeType()) + " *";
  return withoutTypeof(Ctx, Type).getAsString(Ctx.getPrintingPolicy());
}

} // namespace goc
