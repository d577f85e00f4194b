/* Opening and closing words, and the slow half of a cell's lock. */
#include "state/cell.h"

#include "base/assert.h"
#include "base/lock.h"

uint64_t race__cell_lock_slow(uint64_t *cell)
{
    unsigned spins = 0;
    for (;;) {
        uint64_t now = load_relaxed(cell);
        if ((now & RACE_CELL_LOCK) == 0 && cas_acquire(cell, &now, now | RACE_CELL_LOCK))
            return now;
        if (race__backoff(&spins))
            return now & ~RACE_CELL_LOCK;
    }
}

struct race__mark race__cell_mark(uint64_t cell)
{
    uint32_t moment = race__cell_moment(cell);
    return (struct race__mark){
        .epoch = race__moment_epoch(moment),
        .tag = race__tag_make((uint32_t)(cell >> RACE_CELL_LEAF_BIT),
                              race__moment_lockset(moment)) |
               (cell & RACE_CELL_BYTES) << RACE_TAG_BYTES_SHIFT | race__cell_kind(cell)};
}

static void open_place(struct race__word *word, unsigned i, uint64_t cell)
{
    if ((cell & RACE_CELL_BYTES) == 0 || race__cell_is_summary(cell))
        return;
    word->place[i] = race__cell_mark(cell);
    word->moment[i] = race__cell_moment(cell);
}

void race__word_open(uintptr_t addr, uint64_t cell, struct race__word *word)
{
    *word = (struct race__word){.crowd.head = NULL};
    open_place(word, 0, cell);
    if ((cell & RACE_CELL_MORE) == 0)
        return;
    uint64_t spare = load_relaxed(race__shadow_spare(addr));
    if (race__cell_is_link(spare))
        word->crowd = race__crowd_of_link(spare);
    else
        open_place(word, 1, spare);
}

void race__word_to_crowd(struct race__word *word)
{
    if (word->crowd.head != NULL)
        return;
    word->crowd = race__crowd_open();
    if (word->place[1].epoch != 0)
        race__crowd_put(&word->crowd, word->place[1].epoch, word->place[1].tag);
    word->place[1].epoch = 0;
}

static uint64_t close_place(const struct race__word *word, unsigned i)
{
    if (word->place[i].epoch == 0)
        return 0;
    uint64_t cell = race__cell_of(word->place[i].tag, word->moment[i]);
    race__assert(cell != 0);
    return cell;
}

/* Takes one OLD away from NOW, two moments; false where it is not there. */
static bool strike(uint32_t now[2], uint32_t old)
{
    for (unsigned i = 0; i < 2; i++)
        if (now[i] == old) {
            now[i] = 0;
            return true;
        }
    return false;
}

static void drop(struct race__moment_owner *owner, uint32_t moment)
{
    if (owner != NULL)
        race__moment_drop_own(owner, moment);
    else
        race__moment_drop(moment);
}

void race__word_close(uintptr_t addr, uint64_t before, const struct race__word *word,
                      struct race__moment_owner *owner)
{
    uint64_t *spare = race__shadow_spare(addr);
    uint64_t first = word->summary != 0 ? word->summary : close_place(word, 0);
    uint64_t second =
        word->crowd.head != NULL ? race__crowd_link(word->crowd) : close_place(word, 1);
    if (first == 0 && word->crowd.head == NULL) {
        first = second; // one mark stands in the cell
        second = 0;
    } else if (first == 0) {
        first = RACE_CELL_FREE; // no mark, but no word without marks either
    }
    uint64_t was = (before & RACE_CELL_MORE) != 0 ? load_relaxed(spare) : 0;
    uint32_t now[2] = {race__cell_moment(first),
                       race__cell_is_link(second) ? 0 : race__cell_moment(second)};
    uint32_t old[2] = {race__cell_moment(before),
                       race__cell_is_link(was) ? 0 : race__cell_moment(was)};
    for (unsigned i = 0; i < 2; i++)
        if (old[i] != 0 && !strike(now, old[i]))
            drop(owner, old[i]);
    for (unsigned i = 0; i < 2; i++)
        if (now[i] != 0)
            owner->puts++; // a new mark, which is the present strand's
    if (second != was) {
        race__shadow_enliven(addr);
        store_release(race__shadow_spare(addr), second);
    }
    race__cell_unlock(race__shadow_cell(addr),
                      second != 0 ? first | RACE_CELL_MORE : first);
}

bool race__spare_knows(uintptr_t addr, uint64_t expect, race__run run, uint64_t bytes,
                       bool is_write)
{
    const uint64_t *spare = race__shadow_spare(addr);
    uint64_t now = load_acquire(spare);
    if (now == 0)
        return false;
    if (!race__cell_is_link(now))
        return race__cell_knows(now, expect, bytes, is_write);
    uint64_t need = bytes << RACE_TAG_BYTES_SHIFT | (is_write ? RACE_TAG_WRITE : 0);
    return race__crowd_holds(race__crowd_of_link(now), run, need,
                             RACE_TAG_ATOMIC | RACE_TAG_FREE) &&
           load_relaxed(spare) == now;
}
