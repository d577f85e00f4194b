//===- Running.cpp - The strand that runs a function ----------------------===//

#include "instrument/Running.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace goc {

void startAtEntry(IRBuilder<> &B, Function &F) {
  BasicBlock &Entry = F.getEntryBlock();
  B.SetInsertPoint(&Entry, Entry.getFirstNonPHIOrDbgOrAlloca());
  if (DISubprogram *Subprogram = F.getSubprogram())
    B.SetCurrentDebugLocation(DILocation::get(
        F.getContext(), Subprogram->getScopeLine(), 0, Subprogram));
}

static void markOurs(Instruction *Inst) {
  Inst->setMetadata(LLVMContext::MD_nosanitize,
                    MDNode::get(Inst->getContext(), {}));
}

LoadInst *Running::load(IRBuilderBase &B, Type *Ty, Value *Addr) {
  LoadInst *Load = B.CreateLoad(Ty, Addr);
  const DataLayout &DL = B.GetInsertBlock()->getModule()->getDataLayout();
  Load->setAlignment(Align(DL.getTypeStoreSize(Ty).getFixedValue()));
  Load->setAtomic(AtomicOrdering::Monotonic);
  markOurs(Load);
  return Load;
}

Value *Running::strand() {
  if (Strand)
    return Strand;
  IRBuilder<> B(F.getContext());
  startAtEntry(B, F);
  Value *Addr = B.CreateThreadLocalAddress(Callees.current());
  LoadInst *Load = B.CreateLoad(B.getPtrTy(), Addr, /*isVolatile=*/true);
  Load->setName("goc.strand");
  markOurs(Load);
  return Strand = Load;
}

Value *Running::field(IRBuilderBase &B, unsigned Offset) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), strand(), Offset);
}

/// Constant once the first constructor has run.
Value *Running::shadow(Type *Ty, unsigned Offset, const char *Name) {
  IRBuilder<> B(F.getContext());
  startAtEntry(B, F);
  Value *Addr =
      B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Callees.shadow(), Offset);
  LoadInst *Load = B.CreateLoad(Ty, Addr, Name);
  Load->setMetadata(LLVMContext::MD_invariant_load,
                    MDNode::get(F.getContext(), {}));
  markOurs(Load);
  return Load;
}

Value *Running::cell(IRBuilderBase &B, Value *Addr, Value *Mask) {
  if (!Base)
    Base = shadow(PointerType::getUnqual(F.getContext()), 0, "goc.cells");
  Value *Offset = B.CreateAnd(B.CreatePtrToInt(Addr, B.getInt64Ty()), Mask);
  return B.CreatePtrAdd(Base, Offset);
}

} // namespace goc
