/* Some bytes of a type → the part of it that holds them: a walk through DWARF's types.
 */
#ifndef REPORT_PART_H
#define REPORT_PART_H

#include "report/arena.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct part {
    const char *path; // "table.rows[2].high"; NULL: all of it
    bool bits;        // PATH ends with bit-fields: "job.{ready:1, kind:3}"
};

/* The type of DIE without names and qualifiers.  False for none, which is void. */
bool part_type(Dwarf_Die *die, Dwarf_Die *type);

/* The bytes of a TYPE; false for an incomplete one. */
bool part_size(Dwarf_Die *type, uint64_t *size);

/* "NAME.member[2].part": the smallest part of the TYPE called NAME that holds all SIZE bytes
 * at BYTE.  Of bit-fields all that have bits there, for C has them as one memory location and
 * compiled code accesses them together. */
struct part part_find(struct arena *arena, const char *name, Dwarf_Die *type,
                      uint64_t byte, uint64_t size);

#endif
