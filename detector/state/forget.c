/* Clearing cells and lines, by the notes of their KiBs: what nobody touched costs one byte
 * a KiB. */
#include "state/forget.h"

#include "base/pages.h"
#include "state/audience.h"
#include "state/block.h"
#include "state/cell.h"
#include "state/slab.h"
#include "state/sweep.h"
#include "state/sync.h"

#define RELEASE_MIN (UINT64_C(1) << 20) // from here on the cells' pages go back

static void trim(struct race__word *word, unsigned i, uint64_t bytes)
{
    word->place[i].tag &= ~bytes;
    if ((word->place[i].tag & RACE_TAG_BYTES) == 0)
        word->place[i].epoch = 0;
}

static void trim_crowd(struct race__word *word, uint64_t bytes)
{
    uint32_t count;
    struct race__mark *places = race__crowd_places(word->crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        if (load_relaxed(&places[i].epoch) != 0)
            race__crowd_trim(word->crowd, &places[i], bytes);
    if (word->crowd.head->live == 0) {
        race__crowd_close(word->crowd);
        word->crowd.head = NULL;
    }
}

/* BYTES of ADDR's word, as a tag has them, are forgotten. */
static void clear_word(uintptr_t addr, uint64_t bytes)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t before = load_relaxed(cell);
    if (before == 0)
        return;
    bool all_goes = (before & (RACE_CELL_LOCK | RACE_CELL_MORE)) == 0 &&
                    (before & RACE_CELL_BYTES & ~(bytes >> RACE_TAG_BYTES_SHIFT)) == 0;
    if (all_goes && cas_acq_rel(cell, &before, 0)) {
        race__moment_drop(race__cell_moment(before));
        return;
    }
    before = race__cell_lock(cell);
    struct race__word word;
    race__word_open(addr, before, &word);
    trim(&word, 0, bytes);
    for (unsigned i = 1; i < RACE_WORD_PLACES; i++)
        trim(&word, i, bytes);
    if (word.crowd.head != NULL)
        trim_crowd(&word, bytes);
    race__word_close(addr, before, &word, NULL);
}

#define GROUP 8u // cells that are looked at together

static bool is_group_clear(uintptr_t addr)
{
    const uint64_t *cell = race__shadow_cell(addr);
    uint64_t any = 0;
    for (unsigned i = 0; i < GROUP; i++)
        any |= load_relaxed(&cell[i]);
    return any == 0;
}

/* ADDR, or behind the groups from there on that are clear: most of a stack's are. */
static uintptr_t skip_clear(uintptr_t addr, uintptr_t end)
{
    const uintptr_t group = (uintptr_t)GROUP * RACE_WORD_SIZE;
    while (addr % group == 0 && addr + group <= end && is_group_clear(addr))
        addr += group;
    return addr;
}

/* Part of one KiB, whose note has marks. */
static void clear_words(uintptr_t addr, uintptr_t end)
{
    while ((addr = skip_clear(addr, end)) < end) {
        uintptr_t next = (addr | (RACE_WORD_SIZE - 1)) + 1;
        size_t size = (next < end ? next : end) - addr;
        clear_word(addr, race__tag_bytes(addr, size));
        addr = next;
    }
}

static void clear_marks(uintptr_t addr, uintptr_t end)
{
    while ((addr = race__shadow_noted(addr, end, RACE_NOTE_MARKS)) < end) {
        uintptr_t next = (addr | (RACE_NOTE_SIZE - 1)) + 1;
        bool all_goes = (addr & (RACE_NOTE_SIZE - 1)) == 0 && next <= end;
        race__audience_end(addr, !all_goes);
        race__sweep_end(addr, next < end ? next : end, false);
        if (all_goes)
            (void)fetch_and_acq_rel(race__shadow_note(addr), (uint8_t)~RACE_NOTE_MARKS);
        clear_words(addr, next < end ? next : end);
        addr = next;
    }
}

/* Whole pages of BASE that lie in SIZE bytes, all zeros by now. */
static void release(char *base, size_t size)
{
    uintptr_t addr = ((uintptr_t)base + RACE_PAGE_SIZE - 1) & ~(RACE_PAGE_SIZE - 1);
    uintptr_t end = ((uintptr_t)base + size) & ~(RACE_PAGE_SIZE - 1);
    if (addr < end)
        race__pages_release((void *)addr, end - addr);
}

/* A range that is worth a system call or two.  Nothing is lost with a page that somebody
 * marks meanwhile: he uses memory that is not his. */
static void release_pages(uintptr_t addr, uintptr_t end)
{
    while (addr < end) {
        uintptr_t next = (addr | (RACE_REGION_SIZE - 1)) + 1;
        next = next < end ? next : end;
        release((char *)race__shadow_cell(addr), next - addr);
        if (race__shadow_is_live(addr)) {
            release((char *)race__shadow_spare(addr), next - addr);
            release((char *)race__shadow_rest(addr), RACE_REST * (next - addr));
            race__sweep_release(addr, next);
        }
        addr = next;
    }
}

void race__forget_thing(uint64_t *head, struct race__thing *thing)
{
    if (race__thing_kind(thing) == RACE_THING_SYNC)
        race__sync_free(head, (struct race__sync *)thing);
    else
        race__block_drop(head, thing);
}

static void clear_line(uintptr_t line, uintptr_t addr, uintptr_t end)
{
    struct race__thing *next;
    if (race__line_is_idle(line))
        return;
    uint64_t *head = race__line_lock(line);
    for (struct race__thing *at = race__line_first_in(head); at != NULL; at = next) {
        uintptr_t there = race__thing_addr(at, line);
        next = race__thing_next(at);
        if (there >= addr && there < end)
            race__forget_thing(head, at);
    }
    race__line_unlock_head(head);
}

static void clear_lines(uintptr_t addr, uintptr_t end)
{
    uintptr_t at = addr;
    while ((at = race__shadow_noted(at, end, RACE_NOTE_LINES)) < end) {
        uintptr_t next = (at | (RACE_NOTE_SIZE - 1)) + 1;
        if ((at & (RACE_NOTE_SIZE - 1)) == 0 && next <= end)
            (void)fetch_and_acq_rel(race__shadow_note(at), (uint8_t)~RACE_NOTE_LINES);
        for (; at < next && at < end; at = (at | (RACE_LINE_SIZE - 1)) + 1)
            clear_line(at, addr, end);
        at = next;
    }
}

/* Mostly a goroutine's stack, of which nobody but the goroutines themselves knew: the notes are
 * asked once about both. */
void race__forget(uintptr_t addr, size_t size)
{
    uintptr_t end = addr + size;
    uintptr_t first = race__shadow_noted(addr, end, RACE_NOTE_MARKS | RACE_NOTE_LINES);
    if (unlikely(first != end)) {
        clear_marks(first, end);
        clear_lines(first, end);
    }
    if (size >= RELEASE_MIN)
        release_pages(addr, end);
}

/* Most blocks are small: within a KiB, of which not all goes, there is one note to ask. */
static bool is_within_note(uintptr_t addr, size_t size)
{
    return (addr & (RACE_NOTE_SIZE - 1)) + size < RACE_NOTE_SIZE;
}

void race__forget_around(uintptr_t addr, size_t size)
{
    uintptr_t end = addr + size;
    uintptr_t next = (addr | (RACE_LINE_SIZE - 1)) + 1;
    if (likely(is_within_note(addr, size))) {
        if ((load_relaxed(race__shadow_note(addr)) & RACE_NOTE_MARKS) != 0) {
            race__audience_end(addr, true);
            race__sweep_end(addr, end, false);
            clear_words(addr, end);
        }
    } else {
        clear_marks(addr, end);
    }
    if (next < end)
        clear_lines(next, end);
    if (size >= RELEASE_MIN)
        release_pages(addr, end);
}
