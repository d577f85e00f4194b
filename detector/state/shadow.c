/* The cells' reservation; regions and their birth. */
#include "state/shadow.h"

#include "base/lock.h"
#include "base/pages.h"

#define REGION_BYTES (RACE_SPARES_BYTES + RACE_LINES_BYTES + RACE_NOTES_BYTES)

struct goc_race_shadow goc_race_shadow;
char *race__regions[RACE_REGION_COUNT];
char *race__region_of_zeros;

static struct race__lock birth; // one region at a time

void race__shadow_init(char *cells)
{
    goc_race_shadow = (struct goc_race_shadow){.base = cells,
                                               .mask = RACE_CELLS_BYTES - RACE_WORD_SIZE};
    race__region_of_zeros = race__pages_reserve(REGION_BYTES, "shadow memory");
    for (uint32_t i = 0; i < RACE_REGION_COUNT; i++)
        store_relaxed(&race__regions[i], race__region_of_zeros);
}

void race__shadow_touch(uintptr_t addr)
{
    race__lock(&birth);
    if (!race__shadow_is_live(addr))
        store_release(&race__regions[addr >> RACE_REGION_BITS & (RACE_REGION_COUNT - 1)],
                      (char *)race__pages_reserve(REGION_BYTES, "shadow memory"));
    race__unlock(&birth);
}

void race__shadow_hold(bool hold)
{
    race__lock_hold(&birth, hold);
}

/* Eight notes at a time where none of them says anything: a stack of 64 KiB that nobody
 * touched is eight loads. */
uintptr_t race__shadow_noted(uintptr_t addr, uintptr_t end, uint8_t bit)
{
    const uintptr_t stride = (uintptr_t)8 * RACE_NOTE_SIZE;
    while (addr < end) {
        if (!race__shadow_is_live(addr))
            addr = (addr | (RACE_REGION_SIZE - 1)) + 1;
        else if ((addr & (stride - 1)) == 0 &&
                 load_relaxed((uint64_t *)race__shadow_note(addr)) == 0)
            addr += stride;
        else if ((load_relaxed(race__shadow_note(addr)) & bit) != 0)
            return addr;
        else
            addr = (addr | (RACE_NOTE_SIZE - 1)) + 1;
    }
    return end;
}
