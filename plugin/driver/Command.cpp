//===- Command.cpp - The clang command that goc-cc runs -------------------===//

#include "Command.h"

namespace goc {
namespace {

/// One row a detector: what compiling and linking with it takes.
struct RaceRow {
  RaceMode Mode;
  bool Instruments;     // our pass runs
  bool Tsan;            // clang's -fsanitize=thread
  const char *Runtime;  // the runtime library
  const char *Detector; // the listener's library, or null
};

constexpr RaceRow RaceRows[] = {
    {RaceMode::None, false, false, "libgoc.a", nullptr},
    {RaceMode::Goc, true, false, "libgoc-race.a", "libgoc-detector.a"},
    {RaceMode::Tsan, false, true, "libgoc-race.a", "libgoc-tsan.a"},
    {RaceMode::Both, true, true, "libgoc-race.a", "libgoc-both.a"},
};

const RaceRow &rowOf(RaceMode Mode) {
  for (const RaceRow &Row : RaceRows)
    if (Row.Mode == Mode)
      return Row;
  return RaceRows[0];
}

using Words = std::vector<std::string>;

void appendBeforeUser(const RaceRow &Row, const Arguments &Args,
                      const Toolchain &Tools, Words &Out) {
  Out.push_back("--start-no-unused-arguments");
  Out.push_back("-fplugin=" + Tools.pluginPath());
  if (Row.Instruments)
    Out.push_back("-fplugin-arg-goc-race");
  Out.push_back("-fno-omit-frame-pointer");
  // A frame larger than the guard below a goroutine's stack must not jump over
  // it, into another's stack: it is touched every 32 KiB, half a guard
  // (GUARD_BYTES of runtime/sched/stack.c).  Frames up to that size are as they
  // were.
  if (!Args.ChoosesProbes) {
    Out.push_back("-fstack-clash-protection");
    Out.push_back("-mstack-probe-size=32768");
  }
  if (Row.Mode != RaceMode::None) {
    Out.push_back("-gline-tables-only");
    // A detector hears of every operation, from where the program calls it.
    Out.push_back("-D__GOC_RACE__=1");
  }
  if (Row.Tsan)
    Out.push_back("-fsanitize=thread");
  Out.push_back("--end-no-unused-arguments");
}

/// The runtime as a shared library's own: no other object of the process sees
/// it, and it stays, for its threads run in it.
void appendRuntimeOfLibrary(Words &Out) {
  Out.push_back("-Wl,-u,goc__library");
  Out.push_back("-Wl,--exclude-libs,libgoc.a");
  Out.push_back("-Wl,-z,nodelete");
}

void appendLibraries(const RaceRow &Row, const Arguments &Args,
                     const Toolchain &Tools, Words &Out) {
  if (!Args.Language.empty() && Args.Language != "none") {
    Out.push_back("-x");
    Out.push_back("none"); // ours are no C sources
  }
  Out.push_back(Tools.libraryPath(Row.Runtime));
  if (Row.Detector) {
    // All of it: what it interposes is referenced by nobody.
    Out.push_back("-Wl,--whole-archive");
    Out.push_back(Tools.libraryPath(Row.Detector));
    Out.push_back("-Wl,--no-whole-archive");
    Out.push_back(Tools.libraryPath(Row.Runtime));
  }
  std::string Blocks = Tools.blocksRuntime(Args.Static);
  if (!Blocks.empty()) {
    Out.push_back("-Wl,--push-state,--as-needed");
    Out.push_back(Blocks);
    Out.push_back("-Wl,--pop-state");
  }
  Out.push_back("-pthread");
  if (Args.LinksRuntimeIn)
    appendRuntimeOfLibrary(Out);
  // A module that is loaded later finds the program's one runtime.
  else if (!Args.Static)
    Out.push_back("-Wl,--export-dynamic-symbol=goc_*");
  // As does an OpenMP library the detector, which is its tool.
  if (Row.Detector && !Args.LinksRuntimeIn && !Args.Static)
    for (const char *Name : {"ompt_start_tool", "__kmpc_*", "omp_*_lock*"})
      Out.push_back(std::string("-Wl,--export-dynamic-symbol=") + Name);
}

bool isPlain(const std::string &Word) {
  return !Word.empty() &&
         Word.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_=+,./:@%^") == std::string::npos;
}

} // namespace

Words buildCommand(const Arguments &Args, const Toolchain &Tools,
                   const std::string &Clang) {
  Words Out = {Clang};
  if (Args.Bare || !Args.HasInput) {
    Out.insert(Out.end(), Args.ForClang.begin(), Args.ForClang.end());
    return Out;
  }
  const RaceRow &Row = rowOf(Args.Race);
  appendBeforeUser(Row, Args, Tools, Out);
  Out.insert(Out.end(), Args.ForClang.begin(), Args.ForClang.end());
  Out.push_back("--start-no-unused-arguments");
  Out.push_back("-isystem");
  Out.push_back(Tools.includeDirectory());
  if (Args.LinksProgram || Args.LinksRuntimeIn)
    appendLibraries(Row, Args, Tools, Out);
  Out.push_back("--end-no-unused-arguments");
  return Out;
}

std::string missingPart(const Arguments &Args, const Toolchain &Tools) {
  if (Args.Bare || !Args.HasInput)
    return "";
  const RaceRow &Row = rowOf(Args.Race);
  Words Needed = {Tools.pluginPath(), Tools.includeDirectory() + "/goc.h"};
  if (Args.LinksProgram || Args.LinksRuntimeIn) {
    Needed.push_back(Tools.libraryPath(Row.Runtime));
    if (Row.Detector)
      Needed.push_back(Tools.libraryPath(Row.Detector));
  }
  for (const std::string &Path : Needed)
    if (!isReadable(Path))
      return Path;
  return "";
}

std::string quoteForShell(const Words &Command) {
  std::string Line;
  for (const std::string &Word : Command) {
    if (!Line.empty())
      Line += ' ';
    if (isPlain(Word)) {
      Line += Word;
      continue;
    }
    Line += '\'';
    for (char C : Word) {
      if (C == '\'')
        Line += "'\\''";
      else
        Line += C;
    }
    Line += '\'';
  }
  return Line;
}

} // namespace goc
