/* Which module holds a code address, and which function of it, without asking anybody:
 * from the dynamic loader and the module's own symbol table. */
#ifndef GOC_DEBUG_ELF_H
#define GOC_DEBUG_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_PATH_BYTES = 4096 };

struct elf_place {
    const char *path;     /* the module's file, for the life of the process */
    uint64_t offset;      /* the address as that file has it */
    const char *function; /* NULL when no symbol covers it; for the life of the process */
    uint64_t skew;        /* bytes from the function's start */
};

/* Find ADDRESS.  False: it is in no module. */
bool goc__elf_find(const void *address, struct elf_place *place);

#endif
