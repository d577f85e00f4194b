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
// Each check has the access's own debug location, line and column.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_EMIT_H
#define GOC_PLUGIN_INSTRUMENT_EMIT_H

#include "instrument/Abi.h"
#include "instrument/AccessPolicy.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

namespace goc {

class Emit {
public:
  explicit Emit(Abi &Callees) : Callees(Callees) {}

  /// Check A right before its instruction; may split the block for a variable
  /// mask.
  void access(const Access &A);

  /// Make a copy or fill of unbounded or large size one call that checks and
  /// performs it.  Only where all its sides are to be checked.
  ///
  ///   call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr %s, i64 %n, i1 false)
  ///   call ptr @goc_race_memcpy(ptr %d, ptr %s, i64 %n)
  void memory(llvm::MemIntrinsic &Inst);

  /// Is a call of memory() better than checks beside the intrinsic?
  static bool wantsCall(const llvm::MemIntrinsic &Inst);

private:
  void check(llvm::IRBuilderBase &B, llvm::Value *Addr, uint64_t Size,
             llvm::Align Alignment, bool IsWrite);
  void checkRange(llvm::IRBuilderBase &B, llvm::Value *Addr,
                  llvm::Value *Length, bool IsWrite);
  void lanes(const Access &A);
  void packedLanes(const Access &A);

  Abi &Callees;
};

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_EMIT_H
