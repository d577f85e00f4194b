//===- Command.h - The clang command that goc-cc runs -----------*- C++ -*-===//
//
// Pure: Arguments and Toolchain in, a list of words out.
//
// Order.  Ours come before the user's where the user's may then overrule them
// (-g, -fomit-frame-pointer), and after where they must be last (the include
// directory, the libraries).  All of ours stand between
// --start-no-unused-arguments and its end, so that no step of clang's that has
// no use for one warns.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_DRIVER_COMMAND_H
#define GOC_PLUGIN_DRIVER_COMMAND_H

#include "Arguments.h"
#include "Toolchain.h"

#include <string>
#include <vector>

namespace goc {

/// The command for ARGS; argv[0] is CLANG.
std::vector<std::string> buildCommand(const Arguments &Args,
                                      const Toolchain &Tools,
                                      const std::string &Clang);

/// The first file the command needs of ours that is not there, or empty.
std::string missingPart(const Arguments &Args, const Toolchain &Tools);

/// COMMAND as one line that a shell reads back.
std::string quoteForShell(const std::vector<std::string> &Command);

} // namespace goc

#endif // GOC_PLUGIN_DRIVER_COMMAND_H
