/* Sweeps in their places, and as marks in words. */
#include "state/sweep.h"

#include "base/lock.h"
#include "base/pages.h"
#include "state/cell.h"

uint64_t race__sweep_lock(struct race__sweep *sweep)
{
    unsigned spins = 0;
    for (;;) {
        uint64_t now = load_relaxed(&sweep->epoch) & ~RACE_SWEEP_LOCK;
        if (cas_acquire(&sweep->epoch, &now, now | RACE_SWEEP_LOCK) ||
            race__backoff(&spins))
            return now & ~RACE_SWEEP_LOCK;
    }
}

static void spread_word(uintptr_t addr, struct race__mark mark)
{
    uint64_t before = race__cell_lock(race__shadow_cell(addr));
    struct race__word word;
    race__word_open(addr, before, &word);
    race__word_to_crowd(&word);
    race__crowd_put(&word.crowd, mark.epoch, mark.tag);
    race__word_close(addr, before, &word, NULL);
}

static void end_line(uintptr_t addr, uintptr_t end, bool spread)
{
    struct race__sweep *sweep = race__sweep_of(addr);
    uintptr_t line = addr & ~(uintptr_t)(RACE_LINE_SIZE - 1);
    if (load_acquire(&sweep->epoch) == 0)
        return;
    uint64_t epoch = race__sweep_lock(sweep);
    uint64_t going = epoch == 0 ? 0 : sweep->bytes & race__sweep_bytes(addr, end);
    for (uintptr_t at = 0; spread && at < RACE_LINE_SIZE; at += RACE_WORD_SIZE) {
        uint64_t bytes = going >> at & RACE_CELL_BYTES;
        if (bytes != 0)
            spread_word(
                line + at,
                (struct race__mark){.epoch = epoch,
                                    .tag = sweep->tag | bytes << RACE_TAG_BYTES_SHIFT});
    }
    store_relaxed(&sweep->bytes, sweep->bytes & ~going);
    race__sweep_unlock(sweep, sweep->bytes == 0 ? 0 : epoch);
}

void race__sweep_end(uintptr_t addr, uintptr_t end, bool spread)
{
    if (likely((load_acquire(race__shadow_note(addr)) & RACE_NOTE_SWEEP) == 0))
        return;
    while (addr < end) {
        uintptr_t next = (addr | (RACE_LINE_SIZE - 1)) + 1;
        end_line(addr, next < end ? next : end, spread);
        addr = next;
    }
}

void race__sweep_release(uintptr_t addr, uintptr_t end)
{
    uintptr_t from = ((uintptr_t)race__sweep_of(addr) + RACE_PAGE_SIZE - 1) &
                     ~(uintptr_t)(RACE_PAGE_SIZE - 1);
    uintptr_t to = (uintptr_t)race__sweep_of(addr) +
                   (end - addr) / RACE_LINE_SIZE * RACE_SWEEP_BYTES;
    to &= ~(uintptr_t)(RACE_PAGE_SIZE - 1);
    if (from < to)
        race__pages_release((void *)from, to - from);
}
