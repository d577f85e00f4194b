//===- Reach.cpp - What a go statement's function can reach ---------------===//

#include "instrument/Reach.h"
#include "instrument/Compat.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"

#define DEBUG_TYPE "goc-reach"

using namespace llvm;

STATISTIC(NumReach, "Number of go statements whose reach is known");
STATISTIC(NumUnknown, "Number of go statements whose reach is not known");

namespace goc {
namespace {

constexpr StringLiteral Go = "goc_go";
constexpr StringLiteral GoReaching = "goc_go_reaching";
constexpr StringLiteral Decide = "goc__reach_decide";

/// runtime/sched/reach.h's REACH_FUNCTIONS_MAX.
constexpr unsigned FunctionsMax = 64;

constexpr uint64_t ReturnAddress = 8;
constexpr uint64_t StackAlign = 16;
constexpr uint64_t VectorAlign = 64;

constexpr StringLiteral SmallCalls[] = {
#define GOC_SMALL_CALL(function) #function,
#include "instrument/SmallCalls.def"
};

/// Attributes under which code generation adds calls, moves locals elsewhere,
/// or aligns the frame by itself.
constexpr StringLiteral AddsCode[] = {"split-stack",
                                      "stackrealign",
                                      "instrument-function-entry",
                                      "instrument-function-entry-inlined",
                                      "instrument-function-exit",
                                      "instrument-function-exit-inlined",
                                      "fentry-call",
                                      "function-instrument",
                                      "xray-instruction-threshold",
                                      "interrupt"};

constexpr Attribute::AttrKind AddsCodeKinds[] = {Attribute::SanitizeAddress,
                                                 Attribute::SanitizeThread,
                                                 Attribute::SanitizeMemory,
                                                 Attribute::SanitizeHWAddress,
                                                 Attribute::SafeStack,
                                                 Attribute::ShadowCallStack,
                                                 Attribute::Naked,
                                                 Attribute::StackAlignment,
                                                 Attribute::PresplitCoroutine,
                                                 Attribute::ReturnsTwice};

/// What a function calls, and what it takes beside its frame.
struct Node {
  SmallSetVector<Function *, 8> Callees;
  uint64_t Beside = 0;
};

/// Of types that no instruction of x86-64 computes with, code generation makes
/// calls; of wide vectors it spills to places that it aligns at run time.
bool isPlain(Type *Ty) {
  if (auto *Vector = dyn_cast<FixedVectorType>(Ty))
    return Vector->getPrimitiveSizeInBits() <= 128 &&
           isPlain(Vector->getElementType());
  if (auto *Struct = dyn_cast<StructType>(Ty))
    return all_of(Struct->elements(), isPlain);
  if (auto *Array = dyn_cast<ArrayType>(Ty))
    return isPlain(Array->getElementType());
  return Ty->isVoidTy() || Ty->isFloatTy() || Ty->isDoubleTy() ||
         (Ty->isIntegerTy() && Ty->getIntegerBitWidth() <= 64) ||
         (Ty->isPointerTy() && Ty->getPointerAddressSpace() == 0) ||
         Ty->isLabelTy() || Ty->isMetadataTy();
}

/// Intrinsics that become no call, or one of memcpy, memmove or memset.
bool isPlain(const IntrinsicInst &Call) {
  if (Call.isAssumeLikeIntrinsic())
    return true;
  switch (Call.getIntrinsicID()) {
  case Intrinsic::memcpy:
  case Intrinsic::memcpy_inline:
  case Intrinsic::memmove:
  case Intrinsic::memset:
  case Intrinsic::memset_inline:
  case Intrinsic::abs:
  case Intrinsic::smin:
  case Intrinsic::smax:
  case Intrinsic::umin:
  case Intrinsic::umax:
  case Intrinsic::bswap:
  case Intrinsic::ctpop:
  case Intrinsic::ctlz:
  case Intrinsic::cttz:
  case Intrinsic::fshl:
  case Intrinsic::fshr:
  case Intrinsic::expect:
  case Intrinsic::fabs:
  case Intrinsic::threadlocal_address: // no call in a program
  case Intrinsic::trap:
  case Intrinsic::prefetch:
  case Intrinsic::sadd_with_overflow:
  case Intrinsic::uadd_with_overflow:
  case Intrinsic::ssub_with_overflow:
  case Intrinsic::usub_with_overflow:
  case Intrinsic::smul_with_overflow:
  case Intrinsic::umul_with_overflow:
    return true;
  default:
    return false;
  }
}

/// Instructions that the headers' assembly has; it may name no stack pointer.
constexpr StringLiteral PlainInstructions[] = {"movq", "pause", "nop"};

bool isPlain(const InlineAsm &Asm) {
  StringRef Text = Asm.getAsmString();
  SmallVector<StringRef, 4> Lines;
  Text.split(Lines, '\n');
  return !Text.contains("sp") && !Text.contains(';') &&
         all_of(Lines, [](StringRef Line) {
           StringRef First = Line.trim().split(' ').first;
           return First.empty() || is_contained(PlainInstructions, First);
         });
}

/// What a call puts on the stack for its callee at most.
uint64_t pushedBy(const CallBase &Call, const DataLayout &DL) {
  uint64_t Bytes = 0;
  for (const Use &Arg : Call.args())
    Bytes += alignTo(DL.getTypeAllocSize(Arg->getType()), 8);
  return alignTo(Bytes, StackAlign);
}

class Reaching {
public:
  explicit Reaching(Module &M) : M(M) {}

  /// The functions that Entry reaches, callees first; empty where that is not
  /// known.
  ArrayRef<Function *> from(Function *Entry) {
    Order.clear();
    State.clear();
    return visit(Entry) ? ArrayRef<Function *>(Order) : ArrayRef<Function *>();
  }

  const Node &node(Function *F) { return Nodes[F]; }

private:
  enum Colour { Open = 1, Done };

  bool visit(Function *F) {
    if (unsigned Colour = State.lookup(F))
      return Colour == Done; // otherwise it is its own callee's callee
    State[F] = Open;
    if (!look(F))
      return false;
    for (Function *Callee : Nodes[F].Callees)
      if (!visit(Callee))
        return false;
    State[F] = Done;
    Order.push_back(F);
    return Order.size() <= FunctionsMax;
  }

  /// Fill in F's node.  False where F's need cannot be known.
  bool look(Function *F) {
    auto [Place, New] = Nodes.try_emplace(F);
    if (!New)
      return !Unknown.contains(F);
    Node Found;
    bool Known = isKnown(*F, Found);
    Nodes[F] = std::move(Found);
    if (!Known)
      Unknown.insert(F);
    return Known;
  }

  bool isKnown(Function &F, Node &Found) {
    if (!F.hasExactDefinition() || F.hasGC() || F.hasPersonalityFn() ||
        (F.getCallingConv() != CallingConv::C &&
         F.getCallingConv() != CallingConv::Fast) ||
        any_of(AddsCode,
               [&](StringRef Name) { return F.hasFnAttribute(Name); }) ||
        any_of(AddsCodeKinds, [&](Attribute::AttrKind Kind) {
          return F.hasFnAttribute(Kind);
        }))
      return false;
    uint64_t Pushed = 0;
    for (Instruction &I : instructions(F))
      if (!isKnown(I, Found, Pushed))
        return false;
    // Of AVX, copies may be spilled whole.
    bool Wide =
        F.getFnAttribute("target-features").getValueAsString().contains("+avx");
    Found.Beside = ReturnAddress + Pushed + (Wide ? VectorAlign : StackAlign);
    return true;
  }

  bool isKnown(Instruction &I, Node &Found, uint64_t &Pushed) {
    if (auto *Call = dyn_cast<CallBase>(&I))
      return isKnownCall(*Call, Found, Pushed);
    if (!isPlain(I.getType()) || !all_of(I.operands(), [](const Use &U) {
          return isPlain(U->getType());
        }))
      return false;
    if (auto *Alloca = dyn_cast<AllocaInst>(&I))
      return Alloca->isStaticAlloca() &&
             Alloca->getAlign().value() <= StackAlign;
    // fmod is a call; so may be what a vector of it comes to.
    if (I.getOpcode() == Instruction::FRem)
      return false;
    return !isa<LandingPadInst>(I) && !isa<FuncletPadInst>(I) &&
           !isa<ResumeInst>(I);
  }

  bool isKnownCall(CallBase &Call, Node &Found, uint64_t &Pushed) {
    if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&Call)) {
      Pushed = std::max(Pushed, StackAlign);
      return isPlain(*Intrinsic) &&
             (Intrinsic->isAssumeLikeIntrinsic() || isPlain(Call.getType()));
    }
    if (auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand()))
      return isPlain(*Asm);
    Function *Callee = Call.getCalledFunction();
    if (!Callee || !isa<CallInst>(Call) || Call.hasByValArgument() ||
        Call.getFunctionType() != Callee->getFunctionType() ||
        Call.getCallingConv() != Callee->getCallingConv() ||
        !isPlain(Call.getType()) || !all_of(Call.args(), [](const Use &Arg) {
          return isPlain(Arg->getType());
        }))
      return false;
    Pushed = std::max(Pushed, pushedBy(Call, M.getDataLayout()));
    if (is_contained(SmallCalls, Callee->getName()))
      return Callee->isDeclaration() || Callee->hasAvailableExternallyLinkage();
    Found.Callees.insert(Callee);
    return true;
  }

  Module &M;
  DenseMap<Function *, Node> Nodes;
  SmallPtrSet<Function *, 8> Unknown;
  DenseMap<Function *, unsigned> State;
  SmallVector<Function *, 16> Order;
};

/// The table for Entry, which reaches Order.
GlobalVariable *makeTable(Module &M, Function *Entry,
                          ArrayRef<Function *> Order, Reaching &Reach) {
  Type *Word = Type::getInt64Ty(M.getContext());
  SmallVector<Constant *, 32> Words;
  DenseMap<Function *, uint64_t> Places;
  auto Number = [&](uint64_t Value) {
    Words.push_back(ConstantInt::get(Word, Value));
  };
  for (Function *F : Order) {
    const Node &Of = Reach.node(F);
    Words.push_back(ConstantExpr::getPtrToInt(F, Word));
    Number(Of.Beside);
    Number(Of.Callees.size());
    for (Function *Callee : Of.Callees)
      Number(Places[Callee]);
    Places.try_emplace(F, Places.size());
  }
  FunctionCallee Decides = M.getOrInsertFunction(
      Decide, Word, PointerType::getUnqual(M.getContext()),
      PointerType::getUnqual(M.getContext()));
  Constant *Table = ConstantStruct::getAnon(
      {ConstantInt::get(Word, 0), cast<Constant>(Decides.getCallee()), Entry,
       ConstantInt::get(Word, Order.size()),
       ConstantArray::get(ArrayType::get(Word, Words.size()), Words)});
  auto *Global =
      new GlobalVariable(M, Table->getType(), /*isConstant=*/false,
                         GlobalValue::InternalLinkage, Table, "goc.reach");
  Global->setAlignment(Align(8));
  return Global;
}

} // namespace

/// Is the code a program's?  That of a shared object may be loaded into one
/// that was linked without runtime/sched/reach.c.
static bool isPrograms(const Module &M) {
  return M.getPICLevel() == PICLevel::NotPIC ||
         M.getPIELevel() != PIELevel::Default;
}

PreservedAnalyses ReachPass::run(Module &M, ModuleAnalysisManager &) {
  Function *Plain = M.getFunction(Go);
  if (!Plain || !Plain->isDeclaration() || !isAmd64Linux(M) || !isPrograms(M) ||
      M.getOverrideStackAlignment() != 0)
    return PreservedAnalyses::all();
  Reaching Reach(M);
  DenseMap<Function *, GlobalVariable *> Tables;
  SmallVector<CallInst *, 16> Calls;
  for (Use &U : Plain->uses())
    if (auto *Call = dyn_cast<CallInst>(U.getUser()))
      if (Call->isCallee(&U) && Call->arg_size() == 3)
        Calls.push_back(Call);
  bool Changed = false;
  for (CallInst *Call : reverse(Calls)) { // mostly as the program has them
    auto *Entry =
        dyn_cast<Function>(Call->getArgOperand(0)->stripPointerCasts());
    ArrayRef<Function *> Order;
    if (Entry)
      Order = Reach.from(Entry);
    if (Order.empty()) {
      ++NumUnknown;
      continue;
    }
    GlobalVariable *&Table = Tables[Entry];
    if (!Table)
      Table = makeTable(M, Entry, Order, Reach);
    Call->setArgOperand(0, Table);
    Call->setCalledFunction(
        M.getOrInsertFunction(GoReaching, Plain->getFunctionType()));
    ++NumReach;
    Changed = true;
  }
  return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

void registerReach(PassBuilder &PB) {
  PB.registerOptimizerLastEPCallback(
      [](ModulePassManager &MPM, auto &&...) { MPM.addPass(ReachPass()); });
}

void registerReachName(PassBuilder &PB) {
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name != "goc-reach")
          return false;
        MPM.addPass(ReachPass());
        return true;
      });
}

} // namespace goc
