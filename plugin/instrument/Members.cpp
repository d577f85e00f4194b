//===- Members.cpp - Which member of a struct is accessed where -----------===//

#include "instrument/Members.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/Path.h"

#include <set>
#include <string>

using namespace llvm;

namespace goc {

namespace {

/// A place in a struct that has a name.
struct Member {
  StructType *Struct = nullptr;
  std::optional<uint64_t> Offset; ///< none: an index decides
};

/// Does Step stay within what it begins with?
bool staysWithin(const GEPOperator &Step) {
  auto *First = dyn_cast<ConstantInt>(*Step.idx_begin());
  return Step.getNumIndices() > 1 && First && First->isZero();
}

/// The outermost struct that Addr's expression goes into.
Member memberAt(const Value *Addr, const DataLayout &DL) {
  Member Found;
  std::optional<uint64_t> Offset = 0;
  while (auto *Step = dyn_cast<GEPOperator>(Addr)) {
    APInt Constant(DL.getIndexTypeSizeInBits(Step->getType()), 0);
    if (!staysWithin(*Step))
      break; // to a neighbour: what both are a part of is not said
    if (!Step->accumulateConstantOffset(DL, Constant))
      Offset.reset();
    else if (Offset)
      *Offset += Constant.getZExtValue();
    auto *Struct = dyn_cast<StructType>(Step->getSourceElementType());
    if (Struct && Struct->hasName())
      Found = {Struct, Offset};
    Addr = Step->getPointerOperand();
  }
  return Found;
}

/// "job" of "struct.job", "struct.job.3" or "class.queue::job"; empty for what
/// has no name in the source.
StringRef sourceName(StringRef Name) {
  Name = Name.substr(Name.find('.') + 1);
  auto [Plain, Number] = Name.rsplit('.');
  if (!Number.empty() && all_of(Number, isDigit))
    Name = Plain;
  Name = Name.substr(Name.rfind(':') + 1);
  return Name == "anon" || Name.contains('"') || Name.contains('\\')
             ? StringRef()
             : Name;
}

using Notes = std::set<std::string>;

void note(const Instruction &Inst, const Value *Addr, const DataLayout &DL,
          Notes &Found) {
  const DILocation *Where = Inst.getDebugLoc();
  if (!Where || Where->getLine() == 0)
    return;
  Member At = memberAt(Addr, DL);
  StringRef Name = At.Struct ? sourceName(At.Struct->getName()) : "";
  StringRef File = sys::path::filename(Where->getFilename());
  if (Name.empty() || File.contains('"') || File.contains('\\'))
    return;
  std::string Offset = At.Offset ? utostr(*At.Offset) : "?";
  Found.insert((Twine(Where->getLine()) + ":" + Twine(Where->getColumn()) +
                ":" + Offset + ":" + Name + ":" + File)
                   .str());
}

void noteAddresses(const Instruction &Inst, const DataLayout &DL,
                   Notes &Found) {
  if (const Value *Addr = getLoadStorePointerOperand(&Inst))
    note(Inst, Addr, DL, Found);
  else if (auto *Update = dyn_cast<AtomicRMWInst>(&Inst))
    note(Inst, Update->getPointerOperand(), DL, Found);
  else if (auto *Cas = dyn_cast<AtomicCmpXchgInst>(&Inst))
    note(Inst, Cas->getPointerOperand(), DL, Found);
  else if (auto *Mem = dyn_cast<MemIntrinsic>(&Inst))
    note(Inst, Mem->getRawDest(), DL, Found);
  if (auto *Copy = dyn_cast<MemTransferInst>(&Inst))
    note(Inst, Copy->getRawSource(), DL, Found);
}

} // namespace

void noteMembers(Module &M) {
  Notes Found;
  for (const Function &F : M)
    if (F.getSubprogram())
      for (const Instruction &Inst : instructions(F))
        noteAddresses(Inst, M.getDataLayout(), Found);
  if (Found.empty())
    return;
  M.appendModuleInlineAsm(".pushsection .goc.members,\"MS\",@progbits,1");
  for (const std::string &Note : Found)
    M.appendModuleInlineAsm(".asciz \"" + Note + "\"");
  M.appendModuleInlineAsm(".popsection");
}

} // namespace goc
