//===- Members.h - Which member of a struct is accessed where ---*- C++ -*-===//
//
// A heap block has no type, but whoever accesses it does.  The race report
// names the member: a section of the object says at which line and column which
// member of which struct is accessed, and goc-race looks up where the access
// stood (detector/report/member.h).
//
//   section ".goc.members": strings "LINE:COLUMN:OFFSET:STRUCT:FILE"
//
// OFFSET is where in STRUCT the accessed bytes begin, "?" where an index
// decides. FILE is a name without directories.  The section is not loaded, and
// the linker keeps one of equal strings.  A module without debug information
// has none, as its reports have no lines.
//
// The types are those that the front end wrote: later LLVM makes bytes of them.
//
//===----------------------------------------------------------------------===//

#ifndef GOC_PLUGIN_INSTRUMENT_MEMBERS_H
#define GOC_PLUGIN_INSTRUMENT_MEMBERS_H

#include "llvm/IR/Module.h"

namespace goc {

/// Write the section of M, which is as the front end left it.
void noteMembers(llvm::Module &M);

} // namespace goc

#endif // GOC_PLUGIN_INSTRUMENT_MEMBERS_H
