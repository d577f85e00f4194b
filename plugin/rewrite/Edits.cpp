//===- Edits.cpp - Replacements in one text -------------------------------===//

#include "rewrite/Edits.h"

#include <algorithm>

namespace goc {

void Edits::replace(unsigned Begin, unsigned End, std::string Text) {
  auto Within = [&](const Edit &Inner) {
    return Begin < End && Begin <= Inner.Begin && Inner.End <= End;
  };
  Sorted.erase(std::remove_if(Sorted.begin(), Sorted.end(), Within),
               Sorted.end());
  auto Place =
      std::find_if(Sorted.begin(), Sorted.end(),
                   [&](const Edit &Other) { return Other.Begin > Begin; });
  Sorted.insert(Place, {Begin, End, std::move(Text)});
}

std::string Edits::text(unsigned Begin, unsigned End) const {
  std::string Result;
  unsigned At = Begin;
  for (const Edit &Each : Sorted) {
    if (Each.Begin < At || Each.End > End)
      continue;
    Result += Original.substr(At, Each.Begin - At);
    Result += Each.Text;
    At = Each.End;
  }
  Result += Original.substr(At, End - At);
  return Result;
}

std::string padLines(std::string Text, llvm::StringRef Like) {
  auto Have = std::count(Text.begin(), Text.end(), '\n');
  auto Want = std::count(Like.begin(), Like.end(), '\n');
  if (Want > Have)
    Text.append(static_cast<size_t>(Want - Have), '\n');
  return Text;
}

} // namespace goc
