//===- main.cpp - goc-rewrite: shows the C that annotated C becomes -------===//
//
// Runs clang with the plugin told to write instead of to compile.  With -o the
// text goes to a file beside OUT first, so that OUT is replaced whole or not at
// all.
//
//===----------------------------------------------------------------------===//

#include "Toolchain.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <spawn.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char **environ;

using namespace goc;

static constexpr int ExitFailure = 1;

static const char HelpText[] =
    "goc-rewrite: the plain C that an annotated C file becomes\n"
    "\n"
    "  goc-rewrite [-o OUT] FILE.c [-- clang's options]\n"
    "\n"
    "Prints FILE.c with go and chan_select spelled as calls of goc's runtime; "
    "all other\n"
    "text stays as it is.  Any C compiler takes what comes out, with <goc.h> "
    "on "
    "its\n"
    "path and libgoc.a to link; where FILE.c has block literals, clang "
    "-fblocks.\n";

static int fail(const std::string &Message) {
  std::fprintf(stderr, "goc-rewrite: %s\n", Message.c_str());
  return ExitFailure;
}

namespace {

struct Request {
  std::string Input;
  std::string Output; // empty: standard output
  std::vector<std::string> ForClang;
  bool Help = false;
  std::string Error;
};

} // namespace

static Request parse(const std::vector<std::string> &Args) {
  Request Result;
  for (size_t I = 0; I < Args.size(); ++I) {
    const std::string &Arg = Args[I];
    if (Arg == "--") {
      Result.ForClang.assign(Args.begin() + static_cast<long>(I) + 1,
                             Args.end());
      break;
    }
    if (Arg == "--help" || Arg == "-h") {
      Result.Help = true;
    } else if (Arg == "-o") {
      if (I + 1 == Args.size())
        Result.Error = "-o wants a file";
      else
        Result.Output = Args[++I];
    } else if (Arg.size() > 1 && Arg[0] == '-') {
      Result.Error =
          "unknown option '" + Arg + "'; clang's options stand behind --";
    } else if (!Result.Input.empty()) {
      Result.Error =
          "one file at a time: '" + Result.Input + "' and '" + Arg + "'";
    } else {
      Result.Input = Arg;
    }
  }
  if (Result.Error.empty() && !Result.Help && Result.Input.empty())
    Result.Error = "no file; goc-rewrite --help says more";
  return Result;
}

static std::vector<std::string> buildCommand(const Request &Wanted,
                                             const Toolchain &Tools,
                                             const std::string &Clang,
                                             const std::string &Target) {
  std::vector<std::string> Out = {Clang, "-fsyntax-only",
                                  "-fplugin=" + Tools.pluginPath(),
                                  "-fplugin-arg-goc-rewrite=" + Target};
  Out.insert(Out.end(), Wanted.ForClang.begin(), Wanted.ForClang.end());
  Out.insert(Out.end(),
             {"-isystem", Tools.includeDirectory(), "--", Wanted.Input});
  return Out;
}

/// Whether clang takes PATH for C by its name; it would pass over an object
/// file.
static bool isC(const std::string &Path) {
  for (const char *Suffix : {".c", ".h", ".i"})
    if (Path.size() > 2 && Path.compare(Path.size() - 2, 2, Suffix) == 0)
      return true;
  return false;
}

/// Run COMMAND and wait; its exit status, or -1 with ERROR set.
static int run(const std::vector<std::string> &Command, std::string &Error) {
  std::vector<char *> Argv;
  for (const std::string &Word : Command)
    Argv.push_back(const_cast<char *>(Word.c_str()));
  Argv.push_back(nullptr);
  pid_t Child;
  int Failed =
      posix_spawn(&Child, Argv[0], nullptr, nullptr, Argv.data(), environ);
  int Status = 0;
  if (!Failed && waitpid(Child, &Status, 0) < 0)
    Failed = errno;
  if (Failed)
    Error = "cannot run " + Command[0] + ": " + std::strerror(Failed);
  return !Failed && WIFEXITED(Status) ? WEXITSTATUS(Status) : -1;
}

/// An empty file beside PATH with the permissions a new file has; empty where
/// that cannot be.
static std::string makeBeside(const std::string &Path) {
  std::string Name = Path + ".XXXXXX";
  int File = mkstemp(&Name[0]);
  if (File < 0)
    return "";
  mode_t Mask = umask(0);
  umask(Mask);
  bool Usable = fchmod(File, 0666 & ~Mask) == 0;
  close(File);
  if (Usable)
    return Name;
  unlink(Name.c_str());
  return "";
}

int main(int Argc, char **Argv) {
  Request Wanted = parse(std::vector<std::string>(Argv + 1, Argv + Argc));
  if (Wanted.Help) {
    std::fputs(HelpText, stdout);
    return 0;
  }
  if (!Wanted.Error.empty())
    return fail(Wanted.Error);
  if (!isReadable(Wanted.Input))
    return fail("cannot read " + Wanted.Input + ": " + std::strerror(errno));
  if (!isC(Wanted.Input))
    return fail("goc-rewrite reads C, by the name of .c, .h or .i: " +
                Wanted.Input);
  Toolchain Tools;
  std::string Clang, Error;
  if (!Tools.findClang(Clang, Error))
    return fail(Error);
  if (!isReadable(Tools.pluginPath()))
    return fail(Tools.pluginPath() + " is missing; build goc again");

  std::string Target = "-";
  if (!Wanted.Output.empty()) {
    Target = makeBeside(Wanted.Output);
    if (Target.empty())
      return fail("cannot write beside " + Wanted.Output + ": " +
                  std::strerror(errno));
  }
  int Status = run(buildCommand(Wanted, Tools, Clang, Target), Error);
  if (Wanted.Output.empty())
    return Status < 0 ? fail(Error) : Status;
  if (Status == 0 && std::rename(Target.c_str(), Wanted.Output.c_str()) == 0)
    return 0;
  if (Status == 0)
    Error = "cannot write " + Wanted.Output + ": " + std::strerror(errno);
  unlink(Target.c_str());
  return Status > 0 ? Status : fail(Error);
}
