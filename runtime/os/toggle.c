#include "toggle.h"

#include "pages.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __x86_64__
/* The linker's names for the section that the rows lie in. */
extern const struct toggle_row __start_goc_toggles[]
    __attribute__((__visibility__("hidden")));
extern const struct toggle_row __stop_goc_toggles[]
    __attribute__((__visibility__("hidden")));

enum { JUMP = 0xE9, JUMP_BYTES = 5 };

/* Let the pages of [LOW, HIGH) be used as PROTECTION says. */
static int protect(uintptr_t low, uintptr_t high, int protection)
{
    low -= low % GOC_PAGE_BYTES;
    return mprotect((void *)low, high - low, protection) == 0 ? 0 : -errno;
}

/* ROW's no-operation.  The compiler must not know that its address comes from a const object,
 * or it takes what is written there for written to that. */
static char *place_of(const struct toggle_row *row)
{
    uintptr_t place = (uintptr_t)&row->place + (uintptr_t)(intptr_t)row->place;
    __asm__("" : "+r"(place));
    return (char *)place;
}

static void write_jump(const struct toggle_row *row)
{
    char *place = place_of(row);
    const char *target = (const char *)&row->target + row->target;
    int32_t distance = (int32_t)(target - (place + JUMP_BYTES));
    place[0] = (char)JUMP;
    memcpy(place + 1, &distance, sizeof distance);
}

int goc__toggle_write(const struct toggle_row *rows, const struct toggle_row *end)
{
    uintptr_t low = UINTPTR_MAX;
    uintptr_t high = 0;
    for (const struct toggle_row *row = rows; row < end; row++) {
        uintptr_t place = (uintptr_t)place_of(row);
        low = place < low ? place : low;
        high = place + JUMP_BYTES > high ? place + JUMP_BYTES : high;
    }
    /* The pages may hold the code that runs now, which must not lose its right to. */
    int result = protect(low, high, PROT_READ | PROT_WRITE | PROT_EXEC);
    if (result != 0)
        return result;
    for (const struct toggle_row *row = rows; row < end; row++)
        write_jump(row);
    return protect(low, high, PROT_READ | PROT_EXEC);
}

int goc__toggle_on(void)
{
    return goc__toggle_write(__start_goc_toggles, __stop_goc_toggles);
}
#else
bool goc__toggle_state;

int goc__toggle_on(void)
{
    goc__toggle_state = true;
    return 0;
}
#endif
