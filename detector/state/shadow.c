/* The cells' reservation; regions and their birth. */
#include "state/shadow.h"

#include "base/lock.h"
#include "base/pages.h"

#define REGION_BYTES (RACE_SWEEPS_OFFSET + RACE_SWEEPS_BYTES)

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

#define NOTES_AT_ONCE ((uintptr_t)8)
#define STRIDE (NOTES_AT_ONCE * RACE_NOTE_SIZE)
/* Two words, at any word's address.  As with an access to each of them, a note's byte is what it
 * was at some time meanwhile (amd64). */
typedef uint64_t pair __attribute__((__vector_size__(16), __aligned__(8), __may_alias__));

/* How many of LEFT words of NOTES, from the first on, have none of ALL: by two PAIRS together, as
 * long as there are so many. */
static RACE_INLINE size_t leap(const uint64_t *notes, size_t left, uint64_t all,
                               size_t pairs)
{
    size_t at = 0;
    while (left - at >= 2 * pairs) {
        const pair *two = (const pair *)(const void *)(notes + at);
        pair any = two[0];
        for (size_t i = 1; i < pairs; i++)
            any |= two[i];
        if (((any[0] | any[1]) & all) != 0)
            break;
        at += 2 * pairs;
    }
    return at;
}

/* The same, to the first that has, or LEFT. */
static size_t words_without(const uint64_t *notes, size_t left, uint64_t all)
{
    size_t at = leap(notes, left, all, 8);
    at += leap(notes + at, left - at, all, 1);
    while (at < left && (load_relaxed(&notes[at]) & all) == 0)
        at++;
    return at;
}

/* In one region, from ADDR on, eight notes at a time: the stack of a goroutine, 256 KiB of
 * which nobody but the uppermost was touched, is 32 loads. */
static uintptr_t noted_in_region(uintptr_t addr, uintptr_t end, uint8_t bit)
{
    const uint64_t all = bit * UINT64_C(0x0101010101010101);
    uintptr_t base = addr & ~(STRIDE - 1);
    const uint64_t *notes = (const uint64_t *)race__shadow_note(base);
    uint64_t found = load_relaxed(notes) & all;
    found &= UINT64_MAX << ((addr - base) / RACE_NOTE_SIZE * 8);
    if (found == 0) {
        size_t left = (end - base - 1) / STRIDE; // words behind this one
        size_t at = words_without(notes + 1, left, all);
        if (at == left)
            return end;
        base += (at + 1) * STRIDE;
        found = load_relaxed(&notes[at + 1]) & all;
    }
    uintptr_t at = base + (uintptr_t)__builtin_ctzl(found) / 8 * RACE_NOTE_SIZE;
    at = at > addr ? at : addr;
    return at < end ? at : end;
}

uintptr_t race__shadow_noted(uintptr_t addr, uintptr_t end, uint8_t bit)
{
    while (addr < end) {
        uintptr_t next = (addr | (RACE_REGION_SIZE - 1)) + 1;
        uintptr_t stop = next < end ? next : end;
        if (race__shadow_is_live(addr)) {
            addr = noted_in_region(addr, stop, bit);
            if (addr < stop)
                return addr;
        }
        addr = next;
    }
    return end;
}
