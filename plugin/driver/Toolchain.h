//===- Toolchain.h - goc-cc's neighbours and its clang ----------*- C++ -*-===//
//
// Where the plugin, the headers and the libraries lie, seen from the running
// program: bin/goc-cc, lib/goc/…, include/…  The build tree and the installed
// tree look the same.  And which clang to run: the one of the major that the
// plugin was built for, or none.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_DRIVER_TOOLCHAIN_H
#define GOC_PLUGIN_DRIVER_TOOLCHAIN_H

#include <string>

namespace goc {

class Toolchain {
public:
  /// Looks around the running executable.
  Toolchain();

  const std::string &includeDirectory() const { return Include; }
  std::string pluginPath() const { return Library + "/goc_plugin.so"; }
  std::string libraryPath(const char *Name) const {
    return Library + "/" + Name;
  }
  /// The blocks runtime found when goc was built; empty where it is not there.
  std::string blocksRuntime(bool Static) const;

  /// Find the clang to run: GOC_CLANG from the environment, else clang-MAJOR,
  /// else clang, if it is of that major.  False with ERROR set to one line that
  /// says the mend.
  bool findClang(std::string &Path, std::string &Error) const;

private:
  std::string Include;
  std::string Library;
};

/// True where PATH names a file that can be read.
bool isReadable(const std::string &Path);

} // namespace goc

#endif // GOC_PLUGIN_DRIVER_TOOLCHAIN_H
