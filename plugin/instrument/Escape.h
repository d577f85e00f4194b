//===- Escape.h - Memory that no other strand can reach ---------*- C++ -*-===//
//
// An object whose address never leaves its function cannot be reached by
// another strand: no access of it can race.  LLVM's capture tracking says so of
// an address that is used on the spot; this goes on where it gives up:
//
//   An address stored in a local variable that is itself only loaded and stored
//   (all of them, at -O0) is followed to the loads.
//
//   An address passed to a function of this module is followed into it, if no
//   other definition can take the function's place.
//
//   A comparison tells nobody the address.
//
//   The arguments of a go statement: goc_go copies what they lead to before it
//   returns, and nobody but the new goroutine knows where the copy is.
//
//   An address stored in the cases of a goc_select_private is the runtime's
//   until that returns, and nobody's else: the caller has promised it.
//
// The objects are allocas, by-value parameters, and blocks of libc's malloc,
// calloc and aligned_alloc.  An access of a block that a free() may precede is
// checked all the same, since it may be a use after free.  A block of another
// allocator is not skipped: that its memory came back in order is what a check
// may find out.
//
// What a parameter of a function leads to is such memory as well if the
// function is called by its name only, in this module, each time with an
// address in such memory: all of it runs on the caller's strand.  So is the
// copy of arguments that a function gets with which goc_go begins a goroutine.
//
// An address that leaves the function later in its run does not make the
// accesses before it private: the way it leaves may order nothing.
//
//   x = 1;  atomic_store_explicit(&shared, &x, memory_order_relaxed);
//
// Whoever loads shared and reads *shared races with the first write.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_ESCAPE_H
#define GOC_PLUGIN_INSTRUMENT_ESCAPE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Instructions.h"
#include <functional>
#include <memory>

namespace goc {

class Escape {
public:
  using LibraryOf =
      std::function<const llvm::TargetLibraryInfo &(const llvm::Function &)>;

  explicit Escape(LibraryOf Library) : Library(std::move(Library)) {}

  /// Is Addr in an alloca or by-value parameter that stays in its function?
  bool isPrivate(const llvm::Value *Addr);

  /// Is Addr in a block of the heap that stays in its function, and is the
  /// block alive at At?
  bool isPrivateBlock(const llvm::Value *Addr, const llvm::Instruction *At);

  /// Is Addr in memory of one of these kinds that every caller passes?
  bool isPrivateParameter(const llvm::Value *Addr);

private:
  /// What became of an object's address.
  struct Trace {
    bool Leaves = false;
    bool IsReturned = false;
    llvm::SmallVector<const llvm::Instruction *, 2> Frees; ///< or may
  };

  const Trace &traceOf(const llvm::Value *Object);
  Trace follow(const llvm::Value *Object);
  void use(const llvm::Use &U, Trace &T,
           llvm::SmallVectorImpl<const llvm::Value *> &Next);
  void pass(const llvm::CallBase &Call, const llvm::Use &U, Trace &T,
            llvm::SmallVectorImpl<const llvm::Value *> &Next);
  bool passes(const llvm::CallBase &Call, const llvm::Value *Address,
              llvm::SmallVectorImpl<const llvm::Argument *> &Parameters);
  bool isPassedPrivate(const llvm::Argument *Parameter);
  bool isFree(const llvm::CallBase &Call);
  bool isAllocation(const llvm::CallBase &Call);

  LibraryOf Library;
  llvm::DenseMap<const llvm::Value *, std::unique_ptr<Trace>> Traces;
  llvm::DenseMap<const llvm::Argument *, bool> PassedPrivate;
};

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_ESCAPE_H
