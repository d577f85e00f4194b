//===- main.cpp - goc-cc, the compiler driver -----------------------------===//
//
// goc-cc reads its command line, builds clang's and becomes clang.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "Command.h"
#include "Toolchain.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

using namespace goc;

static constexpr int ExitUsage = 1;
static constexpr int ExitCannotRun = 127;

static const char HelpText[] =
    "goc-cc: a C compiler that knows goroutines, channels and select\n"
    "\n"
    "  goc-cc [goc's options] [clang's options] file…\n"
    "\n"
    "It takes clang's place (CC=goc-cc) and adds to every command goc's "
    "plugin, "
    "the\n"
    "directory of <goc.h>, and, where a program is linked, goc's runtime.\n"
    "\n"
    "  -race, -race=goc   watch the program with goc's race detector\n"
    "  -race=tsan         watch it with LLVM's ThreadSanitizer\n"
    "  -race=both         with both, in one run\n"
    "  -static-libgoc     with -shared: the library gets a runtime of its own, "
    "for hosts\n"
    "                     that were not built with goc-cc\n"
    "  --show             print the clang command instead of running it\n"
    "  --help             this page\n"
    "\n"
    "A program:\n"
    "\n"
    "  #include <goc.h>\n"
    "  #include <stdio.h>\n"
    "\n"
    "  static void square(int n, chan_send_only(int) out)\n"
    "  {\n"
    "      chan_send(out, n * n);\n"
    "  }\n"
    "\n"
    "  int main(void)\n"
    "  {\n"
    "      chan(int) c = chan_make(int, 0);\n"
    "      go square(7, c);\n"
    "      printf(\"%d\\n\", chan_recv(c));\n"
    "      chan_free(c);\n"
    "  }\n"
    "\n"
    "  goc-cc -g square.c -o square && ./square\n"
    "  goc-cc -g -race square.c -o square && ./square    exits 66 after a "
    "race\n"
    "\n"
    "Environment: GOC_CLANG names the clang to run.\n";

static int fail(const std::string &Message) {
  std::fprintf(stderr, "goc-cc: %s\n", Message.c_str());
  return ExitUsage;
}

static int run(const std::vector<std::string> &Command) {
  std::vector<char *> Argv;
  for (const std::string &Word : Command)
    Argv.push_back(const_cast<char *>(Word.c_str()));
  Argv.push_back(nullptr);
  execv(Argv[0], Argv.data());
  std::fprintf(stderr, "goc-cc: cannot run %s: %s\n", Argv[0],
               std::strerror(errno));
  return ExitCannotRun;
}

int main(int Argc, char **Argv) {
  Arguments Args =
      parseArguments(std::vector<std::string>(Argv + 1, Argv + Argc));
  if (!Args.Error.empty())
    return fail(Args.Error);

  Toolchain Tools;
  std::string Clang;
  std::string Error;
  bool Found = Tools.findClang(Clang, Error);
  if (Args.Help) {
    std::fputs(HelpText, stdout);
    std::printf("Everything else is clang's: %s --help\n",
                Found ? Clang.c_str() : "clang");
    return 0;
  }
  if (!Found)
    return fail(Error);
  std::string Missing = missingPart(Args, Tools);
  if (!Missing.empty())
    return fail(Missing + " is missing; build goc again");
  std::vector<std::string> Command = buildCommand(Args, Tools, Clang);
  if (Args.Show) {
    std::printf("%s\n", quoteForShell(Command).c_str());
    return 0;
  }
  return run(Command);
}
