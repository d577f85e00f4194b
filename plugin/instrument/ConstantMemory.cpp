//===- ConstantMemory.cpp - Memory that nobody ever writes ----------------===//

#include "instrument/ConstantMemory.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;

static cl::opt<bool>
    NoConstants("goc-race-no-constants", cl::Hidden,
                cl::desc("Follow no address through tables and choices"));

namespace goc {

static bool isConstantVariable(const Value *Object) {
  auto *Variable = dyn_cast<GlobalVariable>(Object);
  return Variable && Variable->isConstant();
}

/// Do all pointers in Part lead to constants?
static bool leadsToConstants(const Constant *Part) {
  constexpr unsigned PartsMax = 10000; // of a table; then it counts as not
  SmallVector<const Constant *, 16> Next = {Part};
  SmallPtrSet<const Constant *, 16> Seen; // initializers share their parts
  while (!Next.empty()) {
    const Constant *C = Next.pop_back_val();
    if (!Seen.insert(C).second)
      continue;
    if (Seen.size() > PartsMax)
      return false;
    if (C->getType()->isPointerTy()) {
      if (!isa<ConstantPointerNull>(C) &&
          !isConstantVariable(getUnderlyingObject(C)))
        return false;
    } else if (isa<ConstantAggregate>(C)) {
      for (const Use &U : C->operands())
        Next.push_back(cast<Constant>(U));
    } else if (!isa<ConstantData>(C)) {
      return false; // an expression: an address as an integer
    }
  }
  return true;
}

static bool isConstantObject(const Value *Object) {
  if (isConstantVariable(Object))
    return true;
  auto *Load = dyn_cast<LoadInst>(Object);
  if (!Load)
    return false;
  auto *Table =
      dyn_cast<GlobalVariable>(getUnderlyingObject(Load->getPointerOperand()));
  return Table && Table->isConstant() && Table->hasDefinitiveInitializer() &&
         leadsToConstants(Table->getInitializer());
}

bool isConstantMemory(const Value *Addr) {
  if (isConstantVariable(getUnderlyingObject(Addr)))
    return true;
  if (NoConstants)
    return false;
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(Addr, Objects);
  return !Objects.empty() && all_of(Objects, isConstantObject);
}

} // namespace goc
