//===- Emit.h - Checks of plain accesses ------------------------*- C++ -*-===//
//
// The one place that puts a check into the program.  What precedes an access:
//
//   store i32 %v, ptr %p, align 4        call void @goc_race_write4(ptr %p)
//                                        store i32 %v, ptr %p, align 4
//
//   load i32, ptr %p, align 1            call void @goc_race_read_range(ptr %p,
//   i64 4)
//                                        load i32, ptr %p, align 1
//
// Where the function is to be fast rather than small, the likely half of the
// question (goc/race_inline.h) is asked on the spot, and the call is unlikely:
//
//     %unknown = (%p's cell xor the strand's expect) and the access's mask
//
//     br %unknown == 0 ? %go-on : %check
//
//   check:
//
//     call preserve_mostcc void @goc_race_write4(ptr %p)
//
//     br %go-on
//
// Each check has the access's own debug location, line and column.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_EMIT_H
#define GOC_PLUGIN_INSTRUMENT_EMIT_H

#include "instrument/Abi.h"
#include "instrument/AccessPolicy.h"
#include "instrument/Running.h"
#include "instrument/Together.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

namespace goc {

class Emit {
public:
  /// Checks by calls alone; or inlined, in a function that is Running.  A Leaf
  /// has not entered: its checks bring its caller along.
  Emit(const llvm::DataLayout &DL, Abi &Callees) : DL(DL), Callees(Callees) {}
  Emit(const llvm::DataLayout &DL, Abi &Callees, Running &Run, bool Leaf)
      : DL(DL), Callees(Callees), Run(&Run), Leaf(Leaf) {}

  /// Before the first check: A's alignment also says how its neighbours lie,
  /// the other fields of its object.
  void learn(const Access &A);
  void learn(const Together &Group);

  /// Check A right before its instruction; may split the block for a variable
  /// mask.
  void access(const Access &A);

  /// Check what stands together, right before the first of it.
  void together(const Together &Group);

  /// Check Length bytes at Addr, at B.
  void range(llvm::IRBuilderBase &B, llvm::Value *Addr, llvm::Value *Length,
             bool IsWrite);

  /// Make a copy or fill of unbounded or large size one call that checks and
  /// performs it.  Only where all its sides are to be checked.
  ///
  ///   call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr %s, i64 %n, i1 false)
  ///   call ptr @goc_race_memcpy(ptr %d, ptr %s, i64 %n)
  void memory(llvm::MemIntrinsic &Inst);

  /// Is a call of memory() better than checks beside the intrinsic?
  static bool wantsCall(const llvm::MemIntrinsic &Inst);

private:
  /// Size bytes at a distance from an address.
  struct Span {
    int64_t At;
    uint64_t Size;
    llvm::Align Alignment;
  };
  /// What a question is about: the spans at Addr, which points to Byte of its
  /// word if that is known.
  struct Question {
    llvm::Value *Addr;
    std::optional<uint64_t> Byte;
    llvm::ArrayRef<Span> Spans;
    bool IsWrite;
  };
  class Asking;

  void learn(const llvm::Value *Addr, uint64_t Byte);
  std::optional<uint64_t> byteInWord(llvm::Value *Addr,
                                     llvm::Align Alignment) const;
  /// The question to the cells; answers where to put the calls.
  llvm::Instruction *ask(llvm::IRBuilderBase &B, const Question &Q);
  void callFor(llvm::IRBuilderBase &B, llvm::Value *Addr, const Span &S,
               bool IsWrite, bool IsSignal);
  void call(llvm::IRBuilderBase &B, AbiCall Entered, AbiCall InLeaf,
            llvm::ArrayRef<llvm::Value *> Arguments);
  void check(llvm::IRBuilder<> &B, llvm::Value *Addr, uint64_t Size,
             llvm::Align Alignment, bool IsWrite, bool IsSignal = false);
  void lanes(const Access &A);
  void packedLanes(const Access &A);

  const llvm::DataLayout &DL;
  Abi &Callees;
  /// Of pointers that accesses are at constant distances from: the lower bits.
  llvm::DenseMap<const llvm::Value *, uint64_t> Origins;
  Running *Run = nullptr;
  bool Leaf = false;
};

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_EMIT_H
