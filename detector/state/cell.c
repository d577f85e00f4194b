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

/* CROWD, of ADDR's word, without its log. */
static RACE_COLD void unlog(uintptr_t addr, struct race__crowd *crowd)
{
    race__crowd_unlog(crowd);
    store_release(race__shadow_spare(addr), race__crowd_link(*crowd));
}

void race__word_open(uintptr_t addr, uint64_t cell, struct race__word *word)
{
    uint64_t mark[RACE_WORD_PLACES];
    unsigned count = race__word_load(addr, cell, mark);
    *word = (struct race__word){.crowd.head = NULL};
    open_place(word, 0, mark[0]);
    if (count > 1 && race__cell_is_link(mark[1])) {
        word->crowd = race__crowd_of_link(mark[1]);
        if (unlikely(race__crowd_log(word->crowd) != NULL))
            unlog(addr, &word->crowd);
        return;
    }
    for (unsigned i = 1; i < count; i++)
        open_place(word, i, mark[i]);
}

bool race__word_log_known(uintptr_t addr, race__epoch by)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t before = race__cell_lock(cell);
    struct race__log *log = NULL;
    if ((before & RACE_CELL_MORE) != 0) {
        uint64_t spare = load_relaxed(race__shadow_spare(addr));
        if (race__cell_is_link(spare))
            log = race__crowd_log(race__crowd_of_link(spare));
    }
    if (log != NULL) {
        log->known = log->count;
        log->by = by;
    }
    race__cell_unlock(cell, before);
    return log != NULL;
}

void race__word_to_crowd(struct race__word *word)
{
    if (word->crowd.head != NULL)
        return;
    word->crowd = race__crowd_open();
    for (unsigned i = 1; i < RACE_WORD_PLACES; i++) {
        if (word->place[i].epoch != 0)
            race__crowd_put(&word->crowd, word->place[i].epoch, word->place[i].tag);
        word->place[i].epoch = 0;
    }
}

static uint64_t close_place(const struct race__word *word, unsigned i)
{
    if (word->place[i].epoch == 0)
        return 0;
    uint64_t cell = race__cell_of(word->place[i].tag, word->moment[i]);
    race__assert(cell != 0);
    return cell;
}

/* Takes one OLD away from NOW; false where it is not there. */
static bool strike(uint32_t now[RACE_WORD_PLACES], uint32_t old)
{
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        if (now[i] == old) {
            now[i] = 0;
            return true;
        }
    return false;
}

static void drop(struct race__moment_owner *owner, uint32_t moment)
{
    if (owner != NULL)
        race__moment_drop_own(owner, moment, 1);
    else
        race__moment_drop(moment);
}

/* What WORD's cell, spare and rest are to be; answers how many. */
static unsigned compose(const struct race__word *word, uint64_t now[RACE_WORD_PLACES])
{
    unsigned count = 0;
    now[0] = 0;
    if (word->crowd.head == NULL) {
        for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
            if (word->place[i].epoch != 0)
                now[count++] = close_place(word, i);
        return count;
    }
    now[0] = word->summary != 0 ? word->summary : close_place(word, 0);
    if (now[0] == 0)
        now[0] = RACE_CELL_FREE; // no mark, but no word without marks either
    now[1] = race__crowd_link(word->crowd);
    return 2;
}

/* The moments of COUNT marks and links. */
static void moments_of(const uint64_t *mark, unsigned count,
                       uint32_t moment[RACE_WORD_PLACES])
{
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        moment[i] =
            i < count && !race__cell_is_link(mark[i]) ? race__cell_moment(mark[i]) : 0;
}

void race__word_close(uintptr_t addr, uint64_t before, const struct race__word *word,
                      struct race__moment_owner *owner)
{
    uint64_t mark[RACE_WORD_PLACES];
    uint32_t old[RACE_WORD_PLACES];
    uint32_t now[RACE_WORD_PLACES];
    unsigned count = race__word_load(addr, before, mark);
    moments_of(mark, count, old);
    count = compose(word, mark);
    for (unsigned i = 1; i < count; i++)
        race__assert((mark[0] & race__cell_answers(mark[0], mark[i])) == 0);
    moments_of(mark, count, now);
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        if (old[i] != 0 && !strike(now, old[i]))
            drop(owner, old[i]);
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        if (now[i] != 0)
            owner->puts++; // a new mark, which is the present strand's
    race__word_store(addr, before, mark, count);
}

static bool rest_knows(uintptr_t addr, uint64_t expect, uint64_t bytes, bool is_write)
{
    const uint64_t *rest = race__shadow_rest(addr);
    uint64_t now = RACE_CELL_MORE;
    for (unsigned i = 0; i < RACE_REST && (now & RACE_CELL_MORE) != 0; i++) {
        now = load_relaxed(&rest[i]);
        if (race__cell_knows(now, expect, bytes, is_write))
            return true;
    }
    return false;
}

bool race__spare_knows(uintptr_t addr, uint64_t expect, race__run run, uint64_t bytes,
                       bool is_write)
{
    const uint64_t *spare = race__shadow_spare(addr);
    uint64_t now = load_acquire(spare);
    if (now == 0)
        return false;
    if (!race__cell_is_link(now))
        return race__cell_knows(now, expect, bytes, is_write) ||
               ((now & RACE_CELL_MORE) != 0 && rest_knows(addr, expect, bytes, is_write));
    uint64_t need = bytes << RACE_TAG_BYTES_SHIFT | (is_write ? RACE_TAG_WRITE : 0);
    return race__crowd_holds(race__crowd_of_link(now), run, need,
                             RACE_TAG_ATOMIC | RACE_TAG_FREE) &&
           load_relaxed(spare) == now;
}
