/* A branch that costs one no-operation until it is switched on, once, at the start.
 *
 *   if (TOGGLE()) rare();
 *
 * compiles to five bytes that do nothing, a row in a table, and RARE out of the way.
 * goc__toggle_on writes a jump over each no-operation.  There is one toggle: all its places
 * change together.  Elsewhere than on amd64 it is a load.
 */
#ifndef GOC_OS_TOGGLE_H
#define GOC_OS_TOGGLE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __x86_64__
/* Both relative to the row's own members, so that the table needs no relocation at run time. */
#define TOGGLE_ROW                                                                       \
    "1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n\t"                                          \
    ".pushsection goc_toggles, \"a\"\n\t"                                                \
    ".balign 4\n\t"                                                                      \
    ".long 1b - .\n\t"                                                                   \
    ".long %l[on] - .\n\t"                                                               \
    ".popsection"

static inline __attribute__((__always_inline__)) bool goc__toggle(void)
{
    __asm__ goto(TOGGLE_ROW : : : : on);
    return false;
on:
    return true;
}
#else
extern bool goc__toggle_state; /* const after the start */

static inline bool goc__toggle(void)
{
    return goc__toggle_state;
}
#endif

#define TOGGLE() __builtin_expect(goc__toggle(), 0)

/* Switch it on.  While no other thread is in the runtime.  Returns 0 or a negative errno: a
 * system may refuse to let code be written. */
int goc__toggle_on(void);

/* A row of such a table: at PLACE lie five bytes that are to become a jump to TARGET. */
struct toggle_row {
    int32_t place;  /* from here */
    int32_t target; /* from here */
};

/* Write the jumps of the rows up to END, of another table; as above. */
int goc__toggle_write(const struct toggle_row *rows, const struct toggle_row *end);

#endif
