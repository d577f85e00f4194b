//===- Edits.h - Replacements in one text -----------------------*- C++ -*-===//
//
// Offsets are always those of the original text.  An edit swallows every edit
// within it: whoever replaces a range has asked for its text, edits included,
// before.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_REWRITE_EDITS_H
#define GOC_PLUGIN_REWRITE_EDITS_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace goc {

class Edits {
public:
  explicit Edits(llvm::StringRef Original) : Original(Original) {}

  /// Put TEXT in place of [BEGIN, END); BEGIN == END inserts.
  void replace(unsigned Begin, unsigned End, std::string Text);

  /// The text of [BEGIN, END) with the edits within.
  std::string text(unsigned Begin, unsigned End) const;
  std::string all() const {
    return text(0, static_cast<unsigned>(Original.size()));
  }

  llvm::StringRef original() const { return Original; }

private:
  struct Edit {
    unsigned Begin;
    unsigned End;
    std::string Text;
  };
  llvm::StringRef Original;
  std::vector<Edit> Sorted; // by Begin; none overlaps another
};

/// TEXT with as many line ends as LIKE has, so that what follows keeps its
/// line.
std::string padLines(std::string Text, llvm::StringRef Like);

} // namespace goc

#endif // GOC_PLUGIN_REWRITE_EDITS_H
