//===- Instrument.cpp - Race instrumentation of a module ------------------===//

#include "instrument/Instrument.h"
#include "instrument/Abi.h"
#include "instrument/AccessPolicy.h"
#include "instrument/Atomics.h"
#include "instrument/CallContext.h"
#include "instrument/Eliminate.h"
#include "instrument/Emit.h"
#include "instrument/LibcCalls.h"
#include "instrument/Members.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#define DEBUG_TYPE "goc-race"

using namespace llvm;

STATISTIC(NumFull, "Number of functions instrumented");
STATISTIC(NumNoPlain, "Number of functions left with plain accesses unchecked");
STATISTIC(NumNone, "Number of functions left untouched");
STATISTIC(NumInlineAsm,
          "Number of inline assembly calls that access memory unseen");

namespace goc {

//===----------------------------------------------------------------------===//
// Marking
//===----------------------------------------------------------------------===//

/// The functions that carry __attribute__((annotate("goc_norace"))).
static SmallPtrSet<Function *, 8> annotatedFunctions(Module &M) {
  SmallPtrSet<Function *, 8> Result;
  auto *Annotations = M.getNamedGlobal("llvm.global.annotations");
  if (!Annotations || !Annotations->hasInitializer())
    return Result;
  auto *List = dyn_cast<ConstantArray>(Annotations->getInitializer());
  if (!List)
    return Result;
  for (const Use &Entry : List->operands()) {
    // { function or variable, text, file, line, arguments }
    auto *Fields = cast<ConstantStruct>(Entry);
    auto *F = dyn_cast<Function>(Fields->getOperand(0)->stripPointerCasts());
    auto *Text =
        dyn_cast<GlobalVariable>(Fields->getOperand(1)->stripPointerCasts());
    if (!F || !Text || !Text->hasInitializer())
      continue;
    auto *Data = dyn_cast<ConstantDataArray>(Text->getInitializer());
    if (Data && Data->isCString() && Data->getAsCString() == "goc_norace")
      Result.insert(F);
  }
  return Result;
}

PreservedAnalyses RaceMarkPass::run(Module &M, ModuleAnalysisManager &) {
  SmallPtrSet<Function *, 8> NoRace = annotatedFunctions(M);
  bool ClangChose = any_of(M, [](const Function &F) {
    return F.hasFnAttribute(Attribute::SanitizeThread);
  });
  for (Function &F : M) {
    if (F.isDeclaration() ||
        F.hasFnAttribute(Attribute::DisableSanitizerInstrumentation))
      continue;
    if (NoRace.contains(&F))
      F.removeFnAttr(Attribute::SanitizeThread);
    else if (!ClangChose)
      F.addFnAttr(Attribute::SanitizeThread);
    if (!F.hasFnAttribute(Attribute::SanitizeThread))
      F.addFnAttr("goc-norace");
  }
  noteMembers(M);
  return PreservedAnalyses::none();
}

//===----------------------------------------------------------------------===//
// Instrumenting
//===----------------------------------------------------------------------===//

namespace {

/// What is to be done to one function, decided before anything is.
struct Plan {
  Function *F;
  SmallVector<Access, 0> Checks;
  SmallVector<RangeCheck, 0> Ranges;
  SmallVector<Sweep, 0> Sweeps;
  SmallVector<Together, 0> Groups;
  SmallVector<Instruction *, 0> Atomics;
  bool NeedsContext;
  bool Inline; ///< checks and context are, as far as they can be
  bool Leaf;   ///< no context: checks bring the caller along
};

/// Is F to be fast, and can it be?
bool wantsInline(const Function &F) {
  return !F.hasOptNone() && !F.hasOptSize() && !returnsTwice(F);
}

Plan makePlan(Function &F, Treatment How, AccessPolicy &Policy,
              Eliminate &Redundant) {
  const DataLayout &DL = F.getParent()->getDataLayout();
  Plan P{&F, {}, {}, {}, {}, {}, hasCalls(F), wantsInline(F), false};
  if (How == Treatment::Full) {
    Policy.choose(F, P.Checks);
    Redundant.choose(F, P.Checks, P.Ranges, P.Sweeps, P.Groups);
  }
  for (Instruction &Inst : instructions(F)) {
    if (isReplacedAtomic(Inst, DL))
      P.Atomics.push_back(&Inst);
    if (auto *Call = dyn_cast<CallBase>(&Inst))
      if (Call->isInlineAsm() && Call->mayReadOrWriteMemory())
        ++NumInlineAsm;
  }
  bool Checked = !P.Checks.empty() || !P.Ranges.empty() || !P.Sweeps.empty() ||
                 !P.Groups.empty();
  bool OnlyChecks = !P.NeedsContext && P.Atomics.empty() && Checked;
  P.NeedsContext |= Checked || !P.Atomics.empty();
  P.Leaf = P.Inline && OnlyChecks && none_of(P.Checks, [](const Access &A) {
             auto *Mem = dyn_cast<MemIntrinsic>(A.Inst);
             return Mem && Emit::wantsCall(*Mem);
           });
  return P;
}

/// A copy or fill becomes one call if it is large and all its sides are to be
/// checked; otherwise its sides are checked like any access.
void emitChecks(ArrayRef<Access> Checks, Emit &Emitter) {
  SmallMapVector<MemIntrinsic *, unsigned, 8> Sides;
  for (const Access &A : Checks)
    if (auto *Mem = dyn_cast<MemIntrinsic>(A.Inst))
      if (Emit::wantsCall(*Mem))
        ++Sides[Mem];
  SmallSetVector<MemIntrinsic *, 8> Calls;
  for (auto [Mem, Count] : Sides)
    if (Count == (isa<MemTransferInst>(Mem) ? 2u : 1u))
      Calls.insert(Mem);
  for (const Access &A : Checks)
    if (!Calls.contains(dyn_cast<MemIntrinsic>(A.Inst)))
      Emitter.access(A);
  for (MemIntrinsic *Mem : Calls)
    Emitter.memory(*Mem);
}

/// F's body now works on the detector's state as well: what LLVM derived of its
/// effects no longer holds, and must not lose checks by leaving calls out.
void forgetEffects(Function &F) {
  F.removeFnAttr(Attribute::Memory);
  F.removeFnAttr(Attribute::NoSync);
  F.removeFnAttr(Attribute::Speculatable);
}

void execute(Plan &P, Abi &Callees, Eliminate &Redundant) {
  if (P.NeedsContext)
    forgetEffects(*P.F);
  auto Places = Redundant.place(*P.F, P.Ranges, P.Checks);
  Running Run(*P.F, Callees);
  const DataLayout &DL = P.F->getParent()->getDataLayout();
  Emit Emitter = P.Inline ? Emit(DL, Callees, Run, P.Leaf) : Emit(DL, Callees);
  for (const Access &A : P.Checks)
    Emitter.learn(A);
  for (const Together &Group : P.Groups)
    Emitter.learn(Group);
  placeSweeps(*P.F, P.Sweeps, Emitter);
  for (const Together &Group : P.Groups)
    Emitter.together(Group);
  emitChecks(P.Checks, Emitter);
  for (Instruction *Place : Places)
    Place->eraseFromParent();
  for (Instruction *Inst : P.Atomics)
    replaceAtomic(*Inst, Callees);
  if (P.NeedsContext && !P.Leaf)
    addCallContext(*P.F, Callees, P.Inline ? &Run : nullptr);
  assert(!verifyFunction(*P.F, &errs()) && "goc-race made a broken function");
}

/// The version is part of the name, and the linker keeps one constructor of a
/// name.
std::string constructorName() {
  return ("goc.race.module_ctor." + Twine(Abi::version())).str();
}

/// A constructor that tells the detector which ABI the module speaks, before
/// any other constructor runs.  One for all modules of one version in a
/// program: its name carries the version, and the linker keeps one of a name.
void announce(Module &M, Abi &Callees) {
  LLVMContext &C = M.getContext();
  std::string Name = constructorName();
  auto *Ctor = Function::createWithDefaultAttr(
      FunctionType::get(Type::getVoidTy(C), false),
      GlobalValue::InternalLinkage, 0, Name, &M);
  Ctor->setDoesNotThrow();
  Ctor->setComdat(M.getOrInsertComdat(Name));
  IRBuilder<> B(BasicBlock::Create(C, "", Ctor));
  B.CreateCall(Callees.get(AbiCall::module_init), {B.getInt32(Abi::version())});
  B.CreateRetVoid();
  appendToGlobalCtors(M, Ctor, /*Priority=*/0, Ctor);
}

} // namespace

PreservedAnalyses RacePass::run(Module &M, ModuleAnalysisManager &AM) {
  // Bitcode of link-time optimization may come by twice.
  if (M.getFunction(constructorName()))
    return PreservedAnalyses::all();
  // Resolvers run before the program is linked, let alone the detector begun.
  SmallPtrSet<const Function *, 4> Resolvers;
  for (const GlobalIFunc &Indirect : M.ifuncs())
    Resolvers.insert(Indirect.getResolverFunction());
  auto &FAM = AM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
  auto Library = [&](const Function &F) -> const TargetLibraryInfo & {
    return FAM.getResult<TargetLibraryAnalysis>(const_cast<Function &>(F));
  };
  AccessPolicy Policy(M.getDataLayout(), Library);
  Eliminate Redundant(M, FAM, Library);
  std::vector<Plan> Plans;
  for (Function &F : M) {
    Treatment How =
        Resolvers.contains(&F) ? Treatment::None : AccessPolicy::treatment(F);
    if (How == Treatment::None) {
      NumNone += !F.isDeclaration();
      continue;
    }
    ++(How == Treatment::Full ? NumFull : NumNoPlain);
    Plans.push_back(makePlan(F, How, Policy, Redundant));
    Plans.back().Inline &= Inline;
    Plans.back().Leaf &= Inline;
  }

  bool Changed = redirectLibcCalls(M);
  Abi Callees(M);
  for (Plan &P : Plans) {
    execute(P, Callees, Redundant);
    Changed |= P.NeedsContext;
  }
  if (!Changed)
    return PreservedAnalyses::all();
  announce(M, Callees);
  return PreservedAnalyses::none();
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void registerRacePasses(PassBuilder &PB) {
  PB.registerPipelineStartEPCallback(
      [](ModulePassManager &MPM, auto &&...) { MPM.addPass(RaceMarkPass()); });
  PB.registerOptimizerEarlyEPCallback(
      [](ModulePassManager &MPM, auto &&...) { MPM.addPass(RacePass()); });
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name == "goc-race-mark")
          MPM.addPass(RaceMarkPass());
        else if (Name == "goc-race")
          MPM.addPass(RacePass());
        else if (Name == "goc-race<calls>")
          MPM.addPass(RacePass(/*Inline=*/false));
        else
          return false;
        return true;
      });
}

} // namespace goc
