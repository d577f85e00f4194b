//===- ConstantMemory.h - Memory that nobody ever writes --------*- C++ -*-===//
//
// A read of it has no write to race with.  Such memory is
//
//   a constant variable: string literals, const tables, virtual tables;
//   what every constant pointer leads to that an address may be: either arm of
//     a select or phi, or a load from a constant table whose pointers all lead
//     to constants (static const char *const names[] = {…}; names[i][j]).
//
// A pointer to a virtual table is no constant: the object's constructors and
// destructors write it.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_CONSTANTMEMORY_H
#define GOC_PLUGIN_INSTRUMENT_CONSTANTMEMORY_H

#include "llvm/IR/Value.h"

namespace goc {

bool isConstantMemory(const llvm::Value *Addr);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_CONSTANTMEMORY_H
