/* Code addresses as a person reads them.  Collect them all, resolve them at once with one run of
 * `goc-race symbolize`, then look each up.
 *
 * The helper is the program that GOC_SYMBOLIZER names, else the one that this library was
 * built beside, else goc-race in PATH.  Without any, functions come from the symbol table
 * and lines are missing.  For one thread at a time.
 */
#ifndef GOC_DEBUG_SYMBOLS_H
#define GOC_DEBUG_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in the source; a code address has several where functions were inlined. */
struct symbol_line {
    const char *function; /* never NULL */
    const char *file;     /* NULL when unknown */
    uint32_t line;
};

struct symbol {
    const void *address;
    const char *path; /* of the module; NULL when in none */
    uint64_t offset;  /* in the module */
    uint64_t skew;    /* from the start of the function that holds the code */
    const char
        *function; /* that function's name, from the symbol table; NULL when unknown */
    const char *answer; /* the helper's lines, one a place, '\n'-ended; NULL: none */
};

/* Note ADDRESS, an instruction.  Quietly drops what does not fit. */
void goc__symbols_add(const void *address);

/* Ask the helper about all that were added.  Forks; not under any lock that it might need. */
void goc__symbols_resolve(void);

/* Forget all that were added. */
void goc__symbols_forget(void);

/* What is known of ADDRESS; NULL when it was not added. */
const struct symbol *goc__symbols_find(const void *address);

/* The next place of SYMBOL, innermost first.  *CURSOR starts as NULL; TEXT holds the names
 * until the next call.  False after the last. */
bool goc__symbols_next(const struct symbol *symbol, const char **cursor,
                       struct symbol_line *line, char *text, size_t size);

#endif
