//===- Compat.h - What differs among LLVM's majors --------------*- C++ -*-===//
//
// Every version test of the plugin's registration stands here.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_COMPAT_H
#define GOC_PLUGIN_COMPAT_H

#include "llvm/Config/llvm-config.h"

#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif

#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"

namespace goc {

/// The type that a struct's declaration declares.
inline clang::QualType typeOfRecord(const clang::ASTContext &Ctx,
                                    const clang::RecordDecl *Record) {
#if LLVM_VERSION_MAJOR >= 22
  return Ctx.getTagType(clang::ElaboratedTypeKeyword::None, std::nullopt,
                        Record, /*OwnsTag=*/false);
#else
  return Ctx.getRecordType(Record);
#endif
}

/// Whether A has every qualifier of B.
inline bool isAtLeastAsQualified(const clang::ASTContext &Ctx,
                                 clang::QualType A, clang::QualType B) {
#if LLVM_VERSION_MAJOR >= 20
  return A.isAtLeastAsQualifiedAs(B, Ctx);
#else
  (void)Ctx;
  return A.isAtLeastAsQualifiedAs(B);
#endif
}

/// A compiler for INVOCATION that prints no diagnostics and reads the file
/// system of OUTER.
inline std::unique_ptr<clang::CompilerInstance>
secondCompiler(clang::CompilerInstance &Outer,
               std::shared_ptr<clang::CompilerInvocation> Invocation) {
#if LLVM_VERSION_MAJOR >= 22
  auto Second =
      std::make_unique<clang::CompilerInstance>(std::move(Invocation));
  Second->setVirtualFileSystem(Outer.getVirtualFileSystemPtr());
#else
  auto Second = std::make_unique<clang::CompilerInstance>();
  Second->setInvocation(std::move(Invocation));
  Second->setFileManager(&Outer.getFileManager());
#endif
  Second->createDiagnostics(new clang::IgnoringDiagConsumer);
  return Second;
}

} // namespace goc

#endif // GOC_PLUGIN_COMPAT_H
