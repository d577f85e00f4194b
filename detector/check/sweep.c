/* Becoming a line's sweep, and meeting one. */
#include "check/sweep.h"

#include "base/assert.h"
#include "state/cell.h"
#include "state/forked.h"

/* A piece of a line that is read. */
struct piece {
    const goc_strand *strand;
    char *region;     // of the line
    uint64_t covered; // the epoch that was found to be ordered before last
};

/* Is the mark that writes in CELL ordered before the read?  Of a cell that is not locked a reader
 * may have moved the mark on, and its block may have ended: one that is free has an epoch of
 * nobody's. */
static RACE_INLINE bool is_before(struct piece *piece, uint64_t cell)
{
    uint64_t epoch = race__moment_epoch(race__cell_moment(cell));
    if (epoch != piece->covered &&
        (epoch == 0 || !race__view_covers(&piece->strand->view, (race__epoch){epoch})))
        return false;
    piece->covered = epoch;
    return true;
}

/* Does a read of BYTES pass CELL, a mark, without anything to report? */
static RACE_INLINE bool passes(struct piece *piece, uint64_t cell, uint64_t bytes)
{
    if ((cell & RACE_CELL_WRITE) == 0 || (cell & bytes) == 0)
        return true;
    return (cell & RACE_CELL_FREE) == 0 && is_before(piece, cell);
}

static bool passes_crowd(struct piece *piece, struct race__crowd crowd)
{
    uint32_t count;
    if (race__crowd_log(crowd) != NULL)
        return false;
    const struct race__mark *places = race__crowd_places(crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        if (places[i].epoch != 0 && (places[i].tag & RACE_TAG_WRITE) != 0 &&
            ((places[i].tag & RACE_TAG_FREE) != 0 ||
             !race__view_covers(&piece->strand->view, (race__epoch){places[i].epoch})))
            return false;
    return true;
}

/* The same for all marks of ADDR's word. */
static RACE_NOINLINE bool passes_all(struct piece *piece, uintptr_t addr, uint64_t bytes)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t mark[RACE_WORD_PLACES];
    uint64_t before = race__cell_lock(cell);
    unsigned count = race__word_load(addr, before, mark);
    bool passed = before != 0;
    for (unsigned i = 0; i < count && passed; i++)
        if (i == 1 && race__cell_is_link(mark[i]))
            passed = passes_crowd(piece, race__crowd_of_link(mark[i]));
        else if (!(i == 0 && race__cell_is_summary(mark[i])))
            passed = passes(piece, mark[i], bytes);
    race__cell_unlock(cell, before);
    return passed;
}

/* The same where CELL has more behind it: those are all of the word's if the cell is the same
 * afterwards. */
static RACE_INLINE bool passes_more(struct piece *piece, uintptr_t addr,
                                    const uint64_t *at, uint64_t cell, uint64_t bytes)
{
    const uint64_t *rest = race__shadow_rest_in(piece->region, addr);
    uint64_t now = load_acquire(race__shadow_spare_in(piece->region, addr));
    bool passed = !race__cell_is_link(now) && passes(piece, cell, bytes) &&
                  passes(piece, now, bytes);
    for (unsigned i = 0; passed && (now & RACE_CELL_MORE) != 0 && i < RACE_REST; i++) {
        now = load_acquire(&rest[i]);
        passed = passes(piece, now, bytes);
    }
    return (passed && load_acquire(at) == cell) || passes_all(piece, addr, bytes);
}

/* AT is the word's cell. */
static RACE_INLINE bool passes_word(struct piece *piece, uintptr_t addr,
                                    const uint64_t *at, uint64_t bytes)
{
    uint64_t cell = load_acquire(at);
    if (cell == 0)
        return false;
    if (unlikely((cell & RACE_CELL_LOCK) != 0))
        return passes_all(piece, addr, bytes);
    return (cell & RACE_CELL_MORE) != 0 ? passes_more(piece, addr, at, cell, bytes)
                                        : passes(piece, cell, bytes);
}

/* May a read of BYTES take the place of SWEEP, which was of EPOCH? */
static RACE_INLINE bool may_replace(const goc_strand *strand,
                                    const struct race__sweep *sweep, uint64_t epoch,
                                    uint64_t tag, uint64_t bytes)
{
    if (epoch == 0 || (epoch == strand->view.own.raw && sweep->tag == tag))
        return true;
    return (sweep->bytes & ~bytes) == 0 &&
           race__view_covers_own(&strand->view, (race__epoch){epoch});
}

bool race__sweep_join(goc_strand *strand, uintptr_t addr, uintptr_t end, uint64_t tag)
{
    struct piece piece = {.strand = strand, .covered = strand->view.own.raw};
    uint64_t bytes = race__sweep_bytes(addr, end);
    struct race__sweep *sweep = race__sweep_of(addr);
    if (!race__shadow_is_live(addr) || !race__sweep_is_before(strand, addr))
        return false; // where several read at a time, the first has it
    race__shadow_take_note(addr, RACE_NOTE_SWEEP | RACE_NOTE_MARKS);
    uint64_t before = race__sweep_lock(sweep);
    bool joins = may_replace(strand, sweep, before, tag, bytes);
    uintptr_t word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
    const uint64_t *at = race__shadow_cell(word);
    piece.region = race__region(addr);
    for (; joins && word < end; word += RACE_WORD_SIZE, at++)
        joins = passes_word(&piece, word, at,
                            bytes >> (word & (RACE_LINE_SIZE - 1)) & RACE_CELL_BYTES);
    if (!joins) {
        race__sweep_unlock(sweep, before);
        return false;
    }
    if (before == strand->view.own.raw && sweep->tag == tag)
        bytes |= sweep->bytes;
    sweep->tag = tag;
    store_relaxed(&sweep->bytes, bytes);
    race__sweep_unlock(sweep, strand->view.own.raw);
    race__strand_mark(strand);
    race__count(RACE_READ_SWEPT);
    return true;
}

void race__sweep_judge(const goc_strand *strand, uintptr_t addr, uint64_t tag,
                       struct race__conflicts *conflicts)
{
    struct race__sweep *sweep = race__sweep_of(addr);
    if (race__sweep_is_before(strand, addr))
        return;
    uint64_t epoch = race__sweep_lock(sweep);
    uint64_t bytes =
        sweep->bytes >> (addr & (RACE_LINE_SIZE - RACE_WORD_SIZE)) & RACE_CELL_BYTES;
    struct race__mark mark = {.epoch = epoch,
                              .tag = sweep->tag | bytes << RACE_TAG_BYTES_SHIFT};
    race__sweep_unlock(sweep, epoch);
    if (epoch == 0 || (mark.tag & tag & RACE_TAG_BYTES) == 0 ||
        race__view_covers(&strand->view, (race__epoch){epoch}) ||
        race__is_left_over((race__epoch){epoch}))
        return;
    struct race__conflict conflict = race__judge(mark, tag, false, false);
    race__count((enum race__rule)conflict.rule);
    conflict.word = conflicts->word;
    if (conflicts->count < RACE_CONFLICTS_MAX)
        conflicts->conflict[conflicts->count++] = conflict;
}

void race__sweep_settle(const goc_strand *strand, uintptr_t addr)
{
    uintptr_t line = addr & ~(uintptr_t)(RACE_LINE_SIZE - 1);
    if ((load_relaxed(race__shadow_note(addr)) & RACE_NOTE_SWEEP) != 0)
        race__sweep_end(line, line + RACE_LINE_SIZE,
                        !race__sweep_is_before(strand, addr));
}
