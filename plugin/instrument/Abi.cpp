//===- Abi.cpp - The functions that instrumented code calls ---------------===//

#include "instrument/Abi.h"
#include "instrument/Compat.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;

namespace goc {

namespace {

// The list's type tokens.  Each line of it is read as a C function type, and
// that type is turned into LLVM's below.
using RV = void;
using RP = void *;
using R32 = uint32_t;
using R64 = uint64_t;

template <typename T> Type *typeOf(LLVMContext &C);
template <> Type *typeOf<RV>(LLVMContext &C) { return Type::getVoidTy(C); }
template <> Type *typeOf<RP>(LLVMContext &C) {
  return PointerType::getUnqual(C);
}
template <> Type *typeOf<R32>(LLVMContext &C) { return Type::getInt32Ty(C); }
template <> Type *typeOf<R64>(LLVMContext &C) { return Type::getInt64Ty(C); }

template <typename F> struct FunctionTypeOf;
template <typename R, typename... As> struct FunctionTypeOf<R(As...)> {
  static FunctionType *get(LLVMContext &C) {
    return FunctionType::get(typeOf<R>(C), {typeOf<As>(C)...}, false);
  }
};

/// What a callee does to the program's memory.
enum class Touches {
  Nothing,  ///< a check, a context: it works on the detector's state alone
  Anything, ///< it copies, or orders other strands
};

Touches touches(AbiCall Call) {
  switch (Call) {
  case AbiCall::memcpy:
  case AbiCall::memmove:
  case AbiCall::memset:
  case AbiCall::atomic_thread_fence:
  case AbiCall::atomic_signal_fence:
  case AbiCall::module_init:
    return Touches::Anything;
  default:
    return Touches::Nothing;
  }
}

void describe(FunctionCallee Callee, Touches T) {
  auto *F = dyn_cast<Function>(Callee.getCallee());
  if (!F)
    return;
  F->setDoesNotThrow();
  F->addFnAttr(Attribute::NoMerge);
  for (Argument &A : F->args()) {
    // What hands its argument back (memcpy) does make a copy of it.
    if (A.getType()->isPointerTy() && !F->getReturnType()->isPointerTy())
      addNoCapture(A);
    // The C side relies on its caller to widen what is narrower than a
    // register.
    if (A.getType()->isIntegerTy() && A.getType()->getIntegerBitWidth() < 32)
      A.addAttr(Attribute::ZExt);
  }
  if (T == Touches::Nothing)
    F->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
}

} // namespace

/// Is Call the unlikely half of a check, which preserves registers?
static bool isCheck(AbiCall Call) {
  switch (Call) {
#define RACE_ABI(Name, Result, Parameters)
#define RACE_ABI_CHECK(Name, Parameters) case AbiCall::Name:
#include "goc/race_abi.def"
    return true;
  default:
    return false;
  }
}

FunctionCallee Abi::get(AbiCall Call) {
  LLVMContext &C = M.getContext();
  FunctionCallee Callee;
  switch (Call) {
#define RACE_ABI(Name, Result, Parameters)                                     \
  case AbiCall::Name:                                                          \
    Callee = M.getOrInsertFunction("goc_race_" #Name,                          \
                                   FunctionTypeOf<Result Parameters>::get(C)); \
    break;
#include "goc/race_abi.def"
  }
  describe(Callee, touches(Call));
  auto *F = dyn_cast<Function>(Callee.getCallee());
  if (F && isCheck(Call))
    F->setCallingConv(CallingConv::PreserveMost);
  return Callee;
}

CallInst *Abi::call(IRBuilderBase &B, AbiCall Call,
                    ArrayRef<Value *> Arguments) {
  CallInst *Result = B.CreateCall(get(Call), Arguments);
  if (isCheck(Call))
    Result->setCallingConv(CallingConv::PreserveMost);
  return Result;
}

/// A variable of the detector's, which is linked into the program itself.
static GlobalVariable *variable(Module &M, StringRef Name, Type *Ty,
                                bool IsThreadLocal) {
  if (GlobalVariable *Known = M.getNamedGlobal(Name))
    return Known;
  auto *Result = new GlobalVariable(
      M, Ty, /*isConstant=*/false, GlobalValue::ExternalLinkage, nullptr, Name);
  if (IsThreadLocal)
    Result->setThreadLocalMode(GlobalValue::InitialExecTLSModel);
  return Result;
}

GlobalVariable *Abi::current() {
  return variable(M, "goc_race_current", typeOf<RP>(M.getContext()), true);
}

GlobalVariable *Abi::shadow() {
  LLVMContext &C = M.getContext();
  return variable(M, "goc_race_shadow",
                  StructType::get(typeOf<RP>(C), typeOf<R64>(C)), false);
}

FunctionCallee Abi::atomic(IntegerType *T, StringRef Operation, Type *Result,
                           ArrayRef<Type *> Parameters) {
  FunctionCallee Callee = M.getOrInsertFunction(
      ("goc_race_atomic" + Twine(T->getBitWidth()) + "_" + Operation).str(),
      FunctionType::get(Result, Parameters, false));
  describe(Callee, Touches::Anything);
  return Callee;
}

FunctionCallee Abi::atomicLoad(IntegerType *T) {
  LLVMContext &C = M.getContext();
  return atomic(T, "load", T, {typeOf<RP>(C), typeOf<R32>(C)});
}

FunctionCallee Abi::atomicStore(IntegerType *T) {
  LLVMContext &C = M.getContext();
  return atomic(T, "store", typeOf<RV>(C), {typeOf<RP>(C), T, typeOf<R32>(C)});
}

FunctionCallee Abi::atomicUpdate(IntegerType *T, StringRef Operation) {
  LLVMContext &C = M.getContext();
  return atomic(T, Operation, T, {typeOf<RP>(C), T, typeOf<R32>(C)});
}

FunctionCallee Abi::atomicCas(IntegerType *T) {
  LLVMContext &C = M.getContext();
  return atomic(T, "cas", T,
                {typeOf<RP>(C), T, T, typeOf<R32>(C), typeOf<R32>(C)});
}

bool Abi::hasAtomic(unsigned Bits) {
  switch (Bits) {
#define RACE_ABI_ATOMIC(Width) case Width:
#include "goc/race_abi.def"
    return true;
  default:
    return false;
  }
}

ArrayRef<StringLiteral> Abi::libcNames() {
  static constexpr StringLiteral Names[] = {
#define RACE_ABI_LIBC(Name) #Name,
#include "goc/race_abi.def"
  };
  return Names;
}

unsigned Abi::version() {
#include "goc/race_abi.def"
  return RACE_ABI_VERSION;
}

} // namespace goc
