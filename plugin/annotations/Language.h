//===- Language.h - The C that goc compiles ---------------------*- C++ -*-===//

#ifndef GOC_PLUGIN_ANNOTATIONS_LANGUAGE_H
#define GOC_PLUGIN_ANNOTATIONS_LANGUAGE_H

namespace clang {
class CompilerInstance;
} // namespace clang

namespace goc {

/// Blocks are part of goc's C.  Nothing else changes: `^` begins no expression
/// without them, and their words come with <goc.h>, which asks for __GOC__.
/// To be called before the first token is read.
void enableLanguage(clang::CompilerInstance &CI);

} // namespace goc

#endif // GOC_PLUGIN_ANNOTATIONS_LANGUAGE_H
