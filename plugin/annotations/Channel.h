//===- Channel.h - Channel types by their shape -----------------*- C++ -*-===//
//
// <goc.h> spells chan(T) as a pointer to a pointer to a function that returns T
// and takes a pointer to `struct goc_elem`, which nothing defines.  const on
// the middle pointer is send-only, volatile is receive-only.  The shape
// survives typedefs, fields, parameters and __typeof__, so the type alone
// tells.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_ANNOTATIONS_CHANNEL_H
#define GOC_PLUGIN_ANNOTATIONS_CHANNEL_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Type.h"
#include <optional>
#include <string>

namespace goc {

enum class Direction { Both, SendOnly, RecvOnly, Neither };

struct ChannelType {
  Direction Way;
  clang::QualType Element;

  bool sends() const {
    return Way == Direction::Both || Way == Direction::SendOnly;
  }
  bool receives() const {
    return Way == Direction::Both || Way == Direction::RecvOnly;
  }
};

/// TYPE as a channel.
std::optional<ChannelType> asChannel(clang::QualType Type);

/// A channel, or a pointer that leads to one.
bool leadsToChannel(clang::QualType Type);

/// Whether a value of channel type FROM may stand where TO is wanted.
bool convertsTo(clang::ASTContext &Ctx, const ChannelType &From,
                const ChannelType &To);

/// TYPE as the user would write it: chan(int), chan_recv_only(char *), int.
std::string spell(clang::ASTContext &Ctx, clang::QualType Type);

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_CHANNEL_H
