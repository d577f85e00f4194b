//===- Toolchain.cpp - goc-cc's neighbours and its clang ------------------===//

#include "Toolchain.h"

#include <cctype>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace goc {
namespace {

std::string pluginMajor() { return std::to_string(GOC_LLVM_MAJOR); }

/// The majors that the plugin's sources build for (plugin/Compat.h).
bool isSupportedMajor(const std::string &Major) {
  return Major == "19" || Major == "20" || Major == "21" || Major == "22";
}

std::string directoryOf(const std::string &Path) {
  size_t Slash = Path.rfind('/');
  return Slash == std::string::npos ? "." : Path.substr(0, Slash);
}

std::string baseOf(const std::string &Path) {
  size_t Slash = Path.rfind('/');
  return Slash == std::string::npos ? Path : Path.substr(Slash + 1);
}

std::string ownDirectory() {
  char Path[PATH_MAX];
  ssize_t Length = readlink("/proc/self/exe", Path, sizeof Path - 1);
  if (Length <= 0)
    return ".";
  return directoryOf(std::string(Path, static_cast<size_t>(Length)));
}

bool isProgram(const std::string &Path) {
  struct stat Status;
  return stat(Path.c_str(), &Status) == 0 && S_ISREG(Status.st_mode) &&
         access(Path.c_str(), X_OK) == 0;
}

/// NAME as execvp would find it; empty where it would not.
std::string findProgram(const std::string &Name) {
  if (Name.find('/') != std::string::npos)
    return isProgram(Name) ? Name : "";
  const char *Variable = getenv("PATH");
  std::string Path = Variable ? Variable : "/usr/local/bin:/usr/bin:/bin";
  for (size_t Begin = 0; Begin <= Path.size();) {
    size_t End = Path.find(':', Begin);
    if (End == std::string::npos)
      End = Path.size();
    std::string Directory = Path.substr(Begin, End - Begin);
    std::string Candidate = (Directory.empty() ? "." : Directory) + "/" + Name;
    if (isProgram(Candidate))
      return Candidate;
    Begin = End + 1;
  }
  return "";
}

/// The first bytes that `PROGRAM -dumpversion` prints; empty on any failure.
std::string askVersion(const std::string &Program) {
  int Ends[2];
  if (pipe2(Ends, O_CLOEXEC) != 0)
    return "";
  posix_spawn_file_actions_t Actions;
  posix_spawn_file_actions_init(&Actions);
  posix_spawn_file_actions_adddup2(&Actions, Ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&Actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  std::string Option = "-dumpversion";
  std::string Name = Program;
  char *Argv[] = {&Name[0], &Option[0], nullptr};
  pid_t Child;
  int Failed =
      posix_spawn(&Child, Program.c_str(), &Actions, nullptr, Argv, environ);
  posix_spawn_file_actions_destroy(&Actions);
  close(Ends[1]);
  std::string Text;
  char Buffer[256];
  ssize_t Count;
  while (!Failed && (Count = read(Ends[0], Buffer, sizeof Buffer)) > 0)
    Text.append(Buffer, static_cast<size_t>(Count));
  close(Ends[0]);
  int Status = 0;
  if (Failed || waitpid(Child, &Status, 0) != Child || Status != 0)
    return "";
  return Text;
}

/// The major of the clang at PATH: by its name where that says it, else asked.
/// Empty where it is no compiler.
std::string majorOf(const std::string &Path) {
  std::string Base = baseOf(Path);
  for (const char *Prefix : {"clang-", "clang++-"}) {
    if (Base.compare(0, strlen(Prefix), Prefix) != 0)
      continue;
    std::string Suffix = Base.substr(strlen(Prefix));
    if (!Suffix.empty() &&
        Suffix.find_first_not_of("0123456789") == std::string::npos)
      return Suffix;
  }
  std::string Version = askVersion(Path);
  size_t Digits = 0;
  while (Digits < Version.size() &&
         isdigit(static_cast<unsigned char>(Version[Digits])))
    ++Digits;
  return Version.substr(0, Digits);
}

} // namespace

bool isReadable(const std::string &Path) {
  return access(Path.c_str(), R_OK) == 0;
}

Toolchain::Toolchain() {
  std::string Root = directoryOf(ownDirectory());
  Include = Root + "/include";
  Library = Root + "/lib/goc";
  std::string Installed = Root + "/" + GOC_INSTALLED_LIBDIR + "/goc";
  if (!isReadable(pluginPath()) && isReadable(Installed + "/goc_plugin.so"))
    Library = Installed;
}

std::string Toolchain::blocksRuntime(bool Static) const {
  std::string Path = Static ? GOC_BLOCKS_STATIC : GOC_BLOCKS_SHARED;
  return !Path.empty() && isReadable(Path) ? Path : "";
}

bool Toolchain::findClang(std::string &Path, std::string &Error) const {
  const std::string Major = pluginMajor();
  const char *Chosen = getenv("GOC_CLANG");
  if (Chosen && *Chosen) {
    Path = findProgram(Chosen);
    if (Path.empty()) {
      Error = "GOC_CLANG names '" + std::string(Chosen) +
              "', which is no program here; set it to a clang of major " +
              Major + ", or unset it";
      return false;
    }
    std::string Found = majorOf(Path);
    if (Found == Major)
      return true;
    Error = "GOC_CLANG names '" + std::string(Chosen) + "', which is " +
            (Found.empty() ? "no clang" : "of major " + Found) +
            ", but goc's plugin was built for clang " + Major +
            "; set GOC_CLANG=clang-" + Major;
    if (isSupportedMajor(Found))
      Error += ", or build goc with cmake -DGOC_LLVM=" + Found;
    return false;
  }
  Path = findProgram("clang-" + Major);
  if (!Path.empty())
    return true;
  Path = findProgram("clang");
  if (!Path.empty() && majorOf(Path) == Major)
    return true;
  Error = "clang " + Major +
          " is not installed; install it (Debian: apt-get "
          "install clang-" +
          Major + "), or name it in GOC_CLANG";
  return false;
}

} // namespace goc
