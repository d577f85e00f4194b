//===- Arguments.cpp - What a goc-cc command line asks for ----------------===//

#include "Arguments.h"

#include <cstdio>
#include <cstring>
#include <memory>

namespace goc {
namespace {

/// Response files may name response files; clang stops such a chain as well.
constexpr int ResponseDepthMax = 16;

/// Options whose value is the next argument when it is not joined to them.
/// Source: clang/include/clang/Driver/Options.td, Separate and
/// JoinedOrSeparate, as far as C and linking on Linux use them.
constexpr const char *TakesValue[] = {
    "-o",
    "-I",
    "-D",
    "-U",
    "-L",
    "-l",
    "-T",
    "-u",
    "-z",
    "-e",
    "-F",
    "-G",
    "-A",
    "-B",
    "-MF",
    "-MT",
    "-MQ",
    "-MJ",
    "-include",
    "-include-pch",
    "-imacros",
    "-isystem",
    "-isystem-after",
    "-iquote",
    "-idirafter",
    "-iprefix",
    "-iwithprefix",
    "-iwithprefixbefore",
    "-iwithsysroot",
    "-isysroot",
    "-ivfsoverlay",
    "-cxx-isystem",
    "-Xclang",
    "-Xassembler",
    "-Xpreprocessor",
    "-Xanalyzer",
    "-Xopenmp-target",
    "-Xcuda-ptxas",
    "-mllvm",
    "-arch",
    "-target",
    "-gcc-toolchain",
    "-rpath",
    "-serialize-diagnostics",
    "--serialize-diagnostics",
    "-working-directory",
    "-dependency-dot",
    "-Ttext",
    "-Tdata",
    "-Tbss",
    "--param",
    "--sysroot",
    "--output",
    "--define-macro",
    "--undefine-macro",
    "--include-directory",
    "--library-directory",
    "--config",
};

/// With one of these no program is linked.
constexpr const char *StopsBeforeLink[] = {
    "-c",           "-S",           "-E",
    "-M",           "-MM",          "-fsyntax-only",
    "--compile",    "--assemble",   "--preprocess",
    "--analyze",    "--precompile", "-emit-ast",
    "-extract-api", "-verify-pch",  "--emit-static-lib",
};

/// What is linked is a shared library: the runtime belongs to the program,
/// once, unless -static-libgoc says otherwise.
constexpr const char *LinksShared[] = {"-shared", "--shared", "-dynamiclib"};

/// What is linked is neither that nor a program, or not with the usual
/// libraries.
constexpr const char *LinksOtherwise[] = {
    "-r",
    "-nostdlib",
    "--no-standard-libraries",
    "-nodefaultlibs",
};

/// The same said to the linker behind -Wl, or -Xlinker.
constexpr const char *LinkerLinksShared[] = {"-shared", "--shared",
                                             "-Bshareable"};
constexpr const char *LinkerLinksOtherwise[] = {"-r", "-i", "--relocatable"};

/// Answers to a question: clang prints and exits, whatever else is there.
constexpr const char *Questions[] = {
    "--version", "-dumpversion",  "-dumpmachine",   "--help",
    "-help",     "--help-hidden", "--autocomplete",
};

template <size_t N>
bool isOneOf(const std::string &Arg, const char *const (&Table)[N]) {
  for (const char *Entry : Table)
    if (Arg == Entry)
      return true;
  return false;
}

bool startsWith(const std::string &Text, const char *Prefix) {
  return Text.compare(0, std::strlen(Prefix), Prefix) == 0;
}

bool endsWith(const std::string &Text, const char *Suffix) {
  size_t Length = std::strlen(Suffix);
  return Text.size() >= Length &&
         Text.compare(Text.size() - Length, Length, Suffix) == 0;
}

/// Is WORD one of the list that follows ARG's "="?
bool names(const std::string &Arg, const std::string &Word) {
  std::string List = "," + Arg.substr(Arg.find('=') + 1) + ",";
  return List.find("," + Word + ",") != std::string::npos;
}

bool readFile(const std::string &Path, std::string &Text) {
  std::unique_ptr<FILE, int (*)(FILE *)> File(fopen(Path.c_str(), "re"),
                                              fclose);
  if (!File)
    return false;
  char Buffer[4096];
  size_t Count;
  while ((Count = fread(Buffer, 1, sizeof Buffer, File.get())) > 0)
    Text.append(Buffer, Count);
  return !ferror(File.get());
}

/// One pass over the arguments, response files included.
class Reader {
public:
  explicit Reader(Arguments &Result) : Result(Result) {}

  void read(const std::vector<std::string> &Args) {
    if (!Args.empty() && (Args[0] == "-cc1" || Args[0] == "-cc1as"))
      Result.Bare = true;
    readList(Args, 0);
    finish();
  }

private:
  void readList(const std::vector<std::string> &Args, int Depth) {
    for (const std::string &Arg : Args) {
      if (!PendingValueOf.empty())
        readValue(Arg);
      else if (OnlyInputs)
        readInput(startsWith(Arg, "-") ? "./" + Arg : Arg);
      else if (Arg.size() > 1 && Arg[0] == '@')
        readResponseFile(Arg, Depth);
      else
        readOne(Arg);
    }
  }

  void readOne(const std::string &Arg) {
    if (readOwn(Arg))
      return;
    if (Arg == "--") {
      OnlyInputs = true;
      return;
    }
    if (Arg == "-" || Arg[0] != '-') {
      readInput(Arg);
      return;
    }
    Result.ForClang.push_back(Arg);
    readOption(Arg);
  }

  bool readOwn(const std::string &Arg) {
    if (Result.Bare)
      return false;
    if (Arg == "--show") {
      Result.Show = true;
    } else if (Arg == "-static-libgoc") {
      OwnRuntime = true;
    } else if (Arg == "--help" || Arg == "-help") {
      Result.Help = true;
    } else if (Arg == "-race" || Arg == "-race=goc") {
      Result.Race = RaceMode::Goc;
    } else if (Arg == "-race=tsan") {
      Result.Race = RaceMode::Tsan;
    } else if (Arg == "-race=both") {
      Result.Race = RaceMode::Both;
    } else if (startsWith(Arg, "-race=")) {
      Result.Error = "unknown detector in '" + Arg +
                     "'; there are -race=goc (or just -race), -race=tsan and "
                     "-race=both";
    } else {
      return false;
    }
    ++OwnCount;
    return true;
  }

  void readOption(const std::string &Arg) {
    if (isOneOf(Arg, StopsBeforeLink) || startsWith(Arg, "-rewrite-"))
      Stops = true;
    else if (isOneOf(Arg, LinksShared))
      Shared = true;
    else if (isOneOf(Arg, LinksOtherwise))
      Otherwise = true;
    else if (isOneOf(Arg, Questions) || startsWith(Arg, "-print-") ||
             startsWith(Arg, "--print-"))
      Result.Bare = true;
    else if (Arg == "-static" || Arg == "--static" || Arg == "-static-pie")
      Result.Static = true;
    else if (Arg == "-fstack-clash-protection" ||
             Arg == "-fno-stack-clash-protection" ||
             startsWith(Arg, "-mstack-probe-size="))
      Result.ChoosesProbes = true;
    else if (Arg == "-fsplit-stack" || Arg == "-fno-split-stack")
      SplitsStacks = Arg == "-fsplit-stack";
    else if (startsWith(Arg, "-fsanitize="))
      SafeStacks |= names(Arg, "safe-stack");
    else if (startsWith(Arg, "-fno-sanitize="))
      SafeStacks &= !names(Arg, "safe-stack") && !names(Arg, "all");
    else if (startsWith(Arg, "-Wl,"))
      readLinkerList(Arg);
    else if (startsWith(Arg, "-l") && Arg.size() > 2)
      Result.HasInput = true;
    else if (startsWith(Arg, "-x") && Arg.size() > 2)
      Result.Language = Arg.substr(2);
    else if (Arg == "-x" || Arg == "-Xlinker" || isOneOf(Arg, TakesValue))
      PendingValueOf = Arg;
  }

  void readValue(const std::string &Arg) {
    if (PendingValueOf == "-x")
      Result.Language = Arg;
    else if (PendingValueOf == "-l")
      Result.HasInput = true;
    else if (PendingValueOf == "-Xlinker")
      readLinkerOption(Arg);
    PendingValueOf.clear();
    Result.ForClang.push_back(Arg);
  }

  void readLinkerList(const std::string &Arg) {
    size_t Begin = std::strlen("-Wl,");
    while (Begin <= Arg.size()) {
      size_t End = Arg.find(',', Begin);
      if (End == std::string::npos)
        End = Arg.size();
      readLinkerOption(Arg.substr(Begin, End - Begin));
      Begin = End + 1;
    }
  }

  void readLinkerOption(const std::string &Arg) {
    if (isOneOf(Arg, LinkerLinksShared))
      Shared = true;
    else if (isOneOf(Arg, LinkerLinksOtherwise))
      Otherwise = true;
  }

  void readInput(const std::string &Arg) {
    Result.ForClang.push_back(Arg);
    Result.HasInput = true;
    ++NamedInputs;
    if (isHeader(Arg))
      ++NamedHeaders;
  }

  /// A header alone is precompiled, not linked.
  bool isHeader(const std::string &Input) const {
    if (!Result.Language.empty() && Result.Language != "none")
      return endsWith(Result.Language, "-header");
    return endsWith(Input, ".h") || endsWith(Input, ".hh") ||
           endsWith(Input, ".hpp") || endsWith(Input, ".hxx");
  }

  void readResponseFile(const std::string &Arg, int Depth) {
    std::string Text;
    if (Depth >= ResponseDepthMax || !readFile(Arg.substr(1), Text)) {
      readInput(Arg); // clang takes it for a file's name, and will complain
      return;
    }
    size_t ClangBefore = Result.ForClang.size();
    int OwnBefore = OwnCount;
    bool InputsBefore = OnlyInputs;
    readList(splitResponseFile(Text), Depth + 1);
    if (OwnCount == OwnBefore && OnlyInputs == InputsBefore) {
      Result.ForClang.resize(ClangBefore);
      Result.ForClang.push_back(Arg);
    }
  }

  /// Code that keeps track of its thread's one stack, which goroutines leave.
  void refuseStacks() {
    if (SplitsStacks)
      Result.Error = "-fsplit-stack looks for the end of the thread's stack, "
                     "and goroutines have stacks of their own; leave out "
                     "-fsplit-stack, or add -fno-split-stack";
    else if (SafeStacks)
      Result.Error = "-fsanitize=safe-stack has one second stack a thread, "
                     "which goroutines would overwrite for each other; add "
                     "-fno-sanitize=safe-stack";
  }

  void finish() {
    if (Result.HasInput && !Result.Bare)
      refuseStacks();
    bool Precompiles = NamedInputs > 0 && NamedHeaders == NamedInputs;
    bool Links = Result.HasInput && !Stops && !Precompiles;
    Result.LinksProgram = Links && !Otherwise && !Shared;
    Result.LinksRuntimeIn = Links && !Otherwise && Shared && OwnRuntime;
    if (Links && OwnRuntime && Otherwise)
      Result.Error = "-static-libgoc puts the runtime into a program or a "
                     "shared library, with the usual libraries; leave out -r "
                     "or -nostdlib";
    if (Result.LinksRuntimeIn && Result.Race != RaceMode::None)
      Result.Error = "-race watches a program, with all its libraries, and "
                     "cannot do so from a shared library's own runtime; leave "
                     "out -static-libgoc";
    if (Result.LinksProgram && Result.Static && Result.Race != RaceMode::None)
      Result.Error = "-race watches the program's calls of the C library and "
                     "cannot do so when it is linked statically; leave out "
                     "-static";
  }

  Arguments &Result;
  std::string PendingValueOf;
  int OwnCount = 0;
  bool OnlyInputs = false;
  int NamedInputs = 0;
  int NamedHeaders = 0;
  bool Stops = false;
  bool Otherwise = false;
  bool Shared = false;
  bool OwnRuntime = false;
  bool SplitsStacks = false;
  bool SafeStacks = false;
};

} // namespace

Arguments parseArguments(const std::vector<std::string> &Args) {
  Arguments Result;
  Reader(Result).read(Args);
  return Result;
}

std::vector<std::string> splitResponseFile(const std::string &Text) {
  std::vector<std::string> Words;
  std::string Word;
  bool InWord = false;
  char Quote = 0;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (C == '\\' && I + 1 < Text.size()) {
      Word += Text[++I];
      InWord = true;
    } else if (Quote) {
      if (C == Quote)
        Quote = 0;
      else
        Word += C;
    } else if (C == '"' || C == '\'') {
      Quote = C;
      InWord = true;
    } else if (C == ' ' || C == '\t' || C == '\n' || C == '\r') {
      if (InWord)
        Words.push_back(Word);
      Word.clear();
      InWord = false;
    } else {
      Word += C;
      InWord = true;
    }
  }
  if (InWord)
    Words.push_back(Word);
  return Words;
}

} // namespace goc
