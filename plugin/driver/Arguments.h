//===- Arguments.h - What a goc-cc command line asks for --------*- C++ -*-===//
//
// Reads the command line as far as goc-cc must understand it: its own options,
// and whether clang would compile or link.  Everything that is not ours goes on
// to clang as it came.
//
// Invariant: clang's arguments keep their order and their spelling.  Two things
// change: "--" is resolved, so that options can follow it, and a response file
// that holds one of our options is spelled out.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_DRIVER_ARGUMENTS_H
#define GOC_PLUGIN_DRIVER_ARGUMENTS_H

#include <string>
#include <vector>

namespace goc {

/// Which detector watches the program.
enum class RaceMode { None, Goc, Tsan, Both };

struct Arguments {
  std::vector<std::string> ForClang;
  RaceMode Race = RaceMode::None;
  bool Help = false;
  bool Show = false;
  /// Something to compile, assemble or link is named; without it clang only
  /// answers a question (--version, -print-…) and is left alone.
  bool HasInput = false;
  /// The driver is bypassed (-cc1) or a question is asked beside the inputs.
  bool Bare = false;
  /// An executable is linked, with the usual libraries.
  bool LinksProgram = false;
  /// A shared library is linked that gets a runtime of its own: -static-libgoc.
  bool LinksRuntimeIn = false;
  bool Static = false;
  /// The user says how stacks are probed (-fstack-clash-protection, …).
  bool ChoosesProbes = false;
  /// The language that -x leaves in force after the last argument, or empty.
  std::string Language;
  /// Why the command line is refused, as one line; empty where it is not.
  std::string Error;
};

/// Understand the arguments that follow the program's name.
Arguments parseArguments(const std::vector<std::string> &Args);

/// Split a response file's text as clang and gcc do: white space separates,
/// quotes group, a backslash takes the next character as it is.
std::vector<std::string> splitResponseFile(const std::string &Text);

} // namespace goc

#endif // GOC_PLUGIN_DRIVER_ARGUMENTS_H
