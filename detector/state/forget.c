/* Clearing cells and lines, by the notes of their KiBs: what nobody touched costs one byte
 * a KiB. */
#include "state/forget.h"

#include "base/pages.h"
#include "state/block.h"
#include "state/crowd.h"
#include "state/slab.h"
#include "state/sync.h"

#define RELEASE_MIN (UINT64_C(1) << 20) // from here on the cells' pages go back

/* BYTES of the word, as a tag has them, are forgotten. */
static void clear_word(struct race__cell *cell, uint64_t bytes)
{
    if (load_relaxed(&cell->mark[0].tag) == 0 && load_relaxed(&cell->mark[1].tag) == 0)
        return;
    race__cell_lock(cell);
    race__mark_trim(&cell->mark[0], bytes);
    struct race__crowd crowd = race__crowd_of(cell);
    if (crowd.head == NULL) {
        race__mark_trim(&cell->mark[1], bytes);
    } else {
        struct race__mark *marks = (struct race__mark *)crowd.head;
        for (uint32_t i = 1; i < crowd.half * 2; i++)
            if (load_relaxed(&marks[i].epoch) != 0)
                race__crowd_trim(crowd, &marks[i], bytes);
        if (crowd.head->live == 0)
            race__crowd_close(cell);
    }
    race__cell_unlock(cell);
}

/* Part of one KiB, whose note has marks. */
static void clear_words(uintptr_t addr, uintptr_t end)
{
    while (addr < end) {
        uintptr_t next = (addr | (RACE_WORD_SIZE - 1)) + 1;
        size_t size = (next < end ? next : end) - addr;
        clear_word(race__shadow_cell(addr), race__tag_bytes(addr, size));
        addr = next;
    }
}

static void clear_marks(uintptr_t addr, uintptr_t end)
{
    while ((addr = race__shadow_noted(addr, end, RACE_NOTE_MARKS)) < end) {
        uintptr_t next = (addr | (RACE_NOTE_SIZE - 1)) + 1;
        if ((addr & (RACE_NOTE_SIZE - 1)) == 0 && next <= end)
            (void)fetch_and_acq_rel(race__shadow_note(addr), (uint8_t)~RACE_NOTE_MARKS);
        clear_words(addr, next < end ? next : end);
        addr = next;
    }
}

/* The whole KiBs of a range that is worth a system call. */
static void release_pages(uintptr_t addr, uintptr_t end)
{
    addr = (addr + RACE_NOTE_SIZE - 1) & ~(uintptr_t)(RACE_NOTE_SIZE - 1);
    end &= ~(uintptr_t)(RACE_NOTE_SIZE - 1);
    while (addr < end) {
        uintptr_t next = (addr | (RACE_REGION_SIZE - 1)) + 1;
        next = next < end ? next : end;
        if (race__shadow_is_live(addr))
            race__pages_release(race__shadow_peek(addr), (next - addr)
                                                             << RACE_CELL_SCALE);
        addr = next;
    }
}

static void free_thing(struct race__thing *thing)
{
    if (thing->kind == RACE_THING_SYNC) {
        race__sync_free((struct race__sync *)thing);
    } else {
        race__line_remove(thing);
        race__slab_free(thing, sizeof(struct race__block));
    }
}

static void clear_line(uintptr_t line, uintptr_t addr, uintptr_t end)
{
    struct race__thing *next;
    if (race__line_is_idle(line))
        return;
    race__line_lock(line);
    for (struct race__thing *at = race__line_first(line); at != NULL; at = next) {
        next = at->next;
        if (at->addr >= addr && at->addr < end)
            free_thing(at);
    }
    race__line_unlock(line);
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

void race__forget(uintptr_t addr, size_t size)
{
    uintptr_t end = addr + size;
    clear_marks(addr, end);
    clear_lines(addr, end);
    if (size >= RELEASE_MIN)
        release_pages(addr, end);
}
