/* One ELF file with its debug information, as libdw sees it.
 *
 * Addresses are the file's own (its p_vaddr), as race records carry them.  Debug
 * information in a file of its own is found where libdwfl looks: by build id and debug
 * link below /usr/lib/debug and beside the file.
 *
 * Which compile unit covers an address comes from the units' own ranges, read once: clang
 * writes no .debug_aranges, on which libdw 0.188 relies.
 */
#ifndef REPORT_IMAGE_H
#define REPORT_IMAGE_H

#include "report/arena.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hex digits of the longest build id that linkers make, and the 0. */
enum { BUILD_ID_SIZE = 2 * 64 + 1 };

struct unit_range {
    uint64_t low;
    uint64_t high;       // exclusive
    uint64_t reach;      // highest HIGH of this range and those before it
    Dwarf_Die unit;      // holds the functions: the split unit where there is one
    Dwarf_Die line_unit; // holds the line table: the skeleton where there is one
};

struct image {
    Dwfl *dwfl;
    Dwfl_Module *module;
    Dwarf *dwarf; // NULL: no debug information
    Dwarf_Addr bias;
    struct unit_range *ranges; // by LOW
    size_t range_count;
    char build_id[BUILD_ID_SIZE]; // "" for none
};

/* Opens PATH.  Returns 0, a negative errno, or -ENOEXEC for a file that is no ELF file.
 */
int image_open(struct image *image, const char *path);
void image_close(struct image *image);

/* Calls VISIT for every compile unit, until it answers false. */
void image_each_unit(struct image *image, bool (*visit)(Dwarf_Die *unit, void *context),
                     void *context);

/* Where UNIT's functions and variables are: itself, or its split unit's file. */
Dwarf_Die image_unit_content(Dwarf_Die *unit);

/* The range that covers ADDRESS, NULL for none. */
struct unit_range *image_unit_at(struct image *image, uint64_t address);

/* What number attribute NAME of DIE says; 0 where it is absent. */
uint64_t image_number(Dwarf_Die *die, unsigned name);

/* FILE of the unit LINE_UNIT, made absolute where the compiler said how; NULL for NULL. */
const char *image_full_path(struct arena *arena, Dwarf_Die *line_unit, const char *file);

/* The file that attribute NAME (DW_AT_decl_file, DW_AT_call_file) of DIE in UNIT means.
 * Unlike dwarf_decl_file it knows that DWARF 5 counts from 0. */
const char *image_file_name(struct arena *arena, Dwarf_Die *unit, Dwarf_Die *die,
                            unsigned name);

/* The symbol that covers ADDRESS and how far into it that is; NULL for none. */
const char *image_symbol(struct image *image, uint64_t address, uint64_t *skew,
                         uint64_t *size);

/* The same for OFFSET in the file's thread-local storage. */
const char *image_thread_local_symbol(struct image *image, uint64_t offset,
                                      uint64_t *size);

/* The contents of the section NAME, SIZE bytes; NULL where there is none or it is empty. */
const char *image_section(struct image *image, const char *name, size_t *size);

#endif
