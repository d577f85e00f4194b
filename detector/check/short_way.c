/* The first step of an access: short ways for a word whose marks the access takes the place of, or
 * stands beside, so that there is nothing to report.  Each does what the long way (check/word.c)
 * would, or nothing: then that one follows.
 */
#include "check/renew.h"
#include "check/word.h"
#include "state/forked.h"

/* A repeated or a new access of the strand's present moment, as a cell has it; and what of
 * its word is known before it. */
struct alone {
    goc_strand *strand;
    uintptr_t addr;
    uint64_t mine;   // the mark it leaves
    uint64_t tag;    // the same in its long form
    uint64_t before; // the cell, which is locked
};

/* Was the mark in CELL put in the block of moments that the access has, in one epoch? */
static RACE_INLINE bool is_of_block(const struct alone *access, uint64_t cell)
{
    return ((cell ^ access->mine) & RACE_CELL_EPOCH) == 0;
}

/* Is the mark in CELL, which is no link, all of it what the access stands for and is
 * ordered after?  One of the same epoch that also stands for the access stays as it is, if
 * the next access is answered by it. */
static RACE_INLINE bool is_replaced(const struct alone *access, uint64_t cell)
{
    if (is_of_block(access, cell) && race__stands_for(race__cell_kind(cell), access->tag))
        return false;
    return (cell & ~access->mine & RACE_CELL_BYTES) == 0 &&
           (cell & RACE_CELL_FREE) == 0 &&
           race__stands_for(access->tag, race__cell_kind(cell)) &&
           race__view_covers(&access->strand->view,
                             (race__epoch){race__moment_epoch(race__cell_moment(cell))});
}

/* Is it a plain write that is ordered before the access, a plain read?  Not of the same
 * epoch: that would stand for it. */
static RACE_INLINE bool is_read_from(const struct alone *access, uint64_t cell)
{
    uint64_t epoch = race__moment_epoch(race__cell_moment(cell));
    return (access->mine & RACE_CELL_KIND) == 0 &&
           (cell & RACE_CELL_KIND) == RACE_CELL_WRITE &&
           epoch != access->strand->view.own.raw &&
           race__view_covers(&access->strand->view, (race__epoch){epoch});
}

/* Is it of other moments, and conflicts with no access like this one, ordered or not?  In a child
 * of fork an atomic write may overwrite a copy, of which nothing stays (state/forked.h). */
static RACE_INLINE bool is_beside(const struct alone *access, uint64_t cell)
{
    return !race__conflicts(access->tag, race__cell_kind(cell)) &&
           (cell & RACE_CELL_FREE) == 0 && !is_of_block(access, cell) &&
           ((access->tag & RACE_TAG_WRITE) == 0 || likely(!race__is_forked));
}

/* Does it stay as it is, whatever else, without having anything to report? */
static RACE_INLINE bool is_kept(const struct alone *access, uint64_t cell)
{
    return is_beside(access, cell) || is_read_from(access, cell);
}

/* Does the mark in the cell differ from the access's in its bytes only? */
static RACE_INLINE bool is_twin(const struct alone *access)
{
    return ((access->before ^ access->mine) & ~(RACE_CELL_BYTES | RACE_CELL_MORE)) == 0;
}

/* It gets the access's bytes too. */
static RACE_INLINE enum race__outcome widen(const struct alone *access)
{
    bool is_new = (access->mine & ~access->before & RACE_CELL_BYTES) != 0;
    race__cell_unlock(race__shadow_cell(access->addr), access->before | access->mine);
    return is_new ? RACE_MARKED : RACE_KNOWN;
}

/* The word's marks are the access's own, which is new, and SPARE, 0 for none. */
static RACE_INLINE enum race__outcome close_alone(const struct alone *access,
                                                  uint64_t spare)
{
    access->strand->moment.puts++;
    race__cell_unlock(race__shadow_cell(access->addr),
                      spare != 0 ? access->mine | RACE_CELL_MORE : access->mine);
    return RACE_MARKED;
}

static RACE_INLINE void drop(const struct alone *access, uint64_t cell)
{
    race__strand_drop(access->strand, race__cell_moment(cell));
}

/* A plain access MINE of a word that has few marks, all plain, which are met one by one. */
struct few {
    const goc_strand *strand;
    uint64_t mine;
    uint64_t left;  // bytes for which no mark of the epoch stands
    uint64_t twins; // bytes of marks that are the same but for the bytes
    bool fails;     // there is something to report, or that is dealt with elsewhere
    bool keeps; // another strand's read stays if that keeps it in mind (entry/reread.c)
};

/* Is it, whose mark is of EPOCH? */
static RACE_INLINE bool is_reread(const struct few *few, uint64_t now, race__epoch epoch)
{
    return unlikely((now & RACE_CELL_REREAD) != 0) && few->keeps &&
           ((now | few->mine) & RACE_CELL_WRITE) == 0 &&
           race__epoch_slot(epoch) != race__epoch_slot(few->strand->view.own);
}

/* Answers what is left of the mark NOW: without bytes it goes. */
static RACE_INLINE uint64_t meet_few(struct few *few, uint64_t now)
{
    uint64_t common = now & few->mine & RACE_CELL_BYTES;
    uint64_t differs = now ^ few->mine;
    bool stands_for = (now & ~few->mine & RACE_CELL_WRITE) == 0; // the access for NOW
    if ((differs & RACE_CELL_EPOCH) == 0) {
        if ((few->mine & ~now & RACE_CELL_WRITE) != 0)
            return now & ~common;
        few->left &= ~common;
        if ((differs & ~RACE_CELL_BYTES) != 0)
            return now;
        few->twins |= now & RACE_CELL_BYTES;
        return 0;
    }
    if (common == 0)
        return now;
    race__epoch epoch = {race__moment_epoch(race__cell_moment(now))};
    if (race__view_covers(&few->strand->view, epoch)) {
        few->fails |= race__epoch_same(epoch, few->strand->view.own);
        return stands_for && !is_reread(few, now, epoch) ? now & ~common : now;
    }
    few->fails |= ((now | few->mine) & RACE_CELL_WRITE) != 0;
    return now;
}

/* The mark NOW is the next of AFTER, which has KEPT, unless it goes. */
static RACE_INLINE unsigned keep(uint64_t now, uint64_t *after, unsigned kept)
{
    after[kept] = now;
    return kept + ((now & RACE_CELL_BYTES) != 0);
}

/* Not loops: a word's few marks stay in registers, and branches are told apart. */
enum race__outcome race__word_few(goc_strand *strand, uintptr_t addr, uint64_t mine,
                                  uint64_t before)
{
    uint64_t mark[RACE_WORD_PLACES];
    uint64_t now[RACE_WORD_PLACES];
    uint64_t after[RACE_WORD_PLACES + 1];
    unsigned count = race__word_load(addr, before, mark);
    uint64_t any = mine;
    for (unsigned i = 0; i < count; i++)
        any |= mark[i];
    if ((any & (RACE_CELL_ATOMIC | RACE_CELL_FREE)) != 0) // a link has the latter
        return RACE_LONG_WAY;
    struct few few = {.strand = strand,
                      .mine = mine,
                      .left = mine & RACE_CELL_BYTES,
                      .keeps = count == 1};
    unsigned kept = keep(now[0] = meet_few(&few, mark[0]), after, 1);
    if (count > 1)
        kept = keep(now[1] = meet_few(&few, mark[1]), after, kept);
    if (count > 2)
        kept = keep(now[2] = meet_few(&few, mark[2]), after, kept);
    if (count > 3)
        kept = keep(now[3] = meet_few(&few, mark[3]), after, kept);
    if (few.left == 0 && !few.fails) {
        race__cell_unlock(race__shadow_cell(addr), before);
        return RACE_KNOWN;
    }
    if (few.fails || kept > RACE_WORD_PLACES)
        return RACE_LONG_WAY;
    for (unsigned i = 0; i < count; i++)
        if ((now[i] & RACE_CELL_BYTES) == 0)
            race__strand_drop(strand, race__cell_moment(mark[i]));
    after[0] = (mine & ~RACE_CELL_BYTES) | few.left | few.twins;
    strand->moment.puts++;
    race__word_store(addr, before, after, kept);
    return RACE_MARKED;
}

_Static_assert(RACE_WORD_PLACES == 4, "each is met in race__word_few");

/* The cell alone has a mark. */
static RACE_INLINE enum race__outcome access_one(const struct alone *access)
{
    uint64_t before = access->before;
    if (is_twin(access))
        return widen(access);
    if (before == 0 || is_replaced(access, before)) {
        if (before != 0)
            drop(access, before);
        return close_alone(access, 0);
    }
    if (!is_kept(access, before))
        return race__word_few(access->strand, access->addr, access->mine, before);
    race__shadow_enliven(access->addr);
    store_release(race__shadow_spare(access->addr), before);
    return close_alone(access, before);
}

/* Has CROWD nothing that a plain read conflicts with, or that tells of the end of a block,
 * or that stands for it?  Plain writes before this epoch are what it reads from. */
static bool is_read_beside(const struct alone *access, struct race__crowd crowd)
{
    uint32_t count = crowd.head->writes;
    const struct race__mark *at = race__crowd_is_small(crowd)
                                      ? race__crowd_places(crowd, &count)
                                      : race__crowd_row(crowd);
    if (crowd.head->bytes[RACE_KIND_ATOMIC_WRITE] != 0)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (at[i].epoch != 0 && (at[i].tag & RACE_TAG_WRITE) != 0 &&
            ((at[i].tag & RACE_TAG_FREE) != 0 ||
             at[i].epoch == access->strand->view.own.raw ||
             !race__view_covers(&access->strand->view, (race__epoch){at[i].epoch})))
            return false;
    return true;
}

/* What the strand has in a crowd that it reads beside others. */
enum past {
    PAST_NOTHING,
    PAST_READ, // one mark, for which the access stands: a read of none but its bytes
    PAST_MORE, // all else
};

/* With *MARK the read. */
static enum past past_in(const struct alone *access, struct race__crowd crowd,
                         struct race__mark **mark)
{
    enum past past = PAST_NOTHING;
    uint32_t slot = race__epoch_slot(access->strand->view.own);
    uint32_t count;
    struct race__mark *places = race__crowd_places(crowd, &count);
    uint32_t at = 0;
    if (!race__crowd_is_small(crowd)) {
        places = race__crowd_hashed(crowd);
        count = crowd.half;
        at = race__crowd_home(crowd.half, slot);
    }
    for (uint32_t probes = 0; probes < count; probes++) {
        struct race__mark *place = &places[at];
        at = at + 1 == count ? 0 : at + 1;
        if (place->epoch == 0 && !race__crowd_is_small(crowd) && !race__crowd_used(place))
            break;
        if (race__epoch_slot((race__epoch){place->epoch}) != slot)
            continue;
        uint64_t beyond = place->tag & ~access->tag & RACE_TAG_BYTES;
        if (past != PAST_NOTHING || beyond != 0 || (place->tag & RACE_TAG_KIND) != 0 ||
            place->epoch == access->strand->view.own.raw)
            return PAST_MORE;
        past = PAST_READ;
        *mark = place;
    }
    return past;
}

/* The strand is new among the readers: the cell's mark, one of theirs, makes room for its own. */
static enum race__outcome read_too(const struct alone *access, uint64_t first,
                                   struct race__crowd crowd, uint64_t link)
{
    if ((first & RACE_CELL_BYTES) != 0) {
        struct race__mark mark = race__cell_mark(first);
        if (!is_beside(access, first) || race__crowd_is_full(crowd, mark.tag))
            return RACE_LONG_WAY;
        race__crowd_put(&crowd, mark.epoch, mark.tag);
        drop(access, first);
    }
    return close_alone(access, link);
}

/* A read of what several strands read, again and again: [READ SHARED].  The strand's mark
 * moves on where it is, in the cell or in the crowd. */
static enum race__outcome access_shared(const struct alone *access, uint64_t first,
                                        uint64_t link)
{
    struct race__crowd crowd = race__crowd_of_link(link);
    struct race__mark *mine = NULL;
    if ((access->tag & RACE_TAG_KIND) != 0 || race__cell_is_summary(first) ||
        !is_read_beside(access, crowd))
        return RACE_LONG_WAY;
    enum past past = past_in(access, crowd, &mine);
    if (past != PAST_READ && is_replaced(access, first)) {
        drop(access, first);
        return close_alone(access, link);
    }
    if (past == PAST_NOTHING)
        return read_too(access, first, crowd, link);
    if (past == PAST_MORE || !is_kept(access, first))
        return RACE_LONG_WAY;
    race__crowd_renew(crowd, mine, access->strand->view.own.raw, access->tag);
    race__cell_unlock(race__shadow_cell(access->addr), access->before);
    return RACE_MARKED;
}

/* Is FIRST, the cell beside a crowd, no mark or a plain read's? */
static bool is_plain_read(uint64_t first)
{
    return (first & RACE_CELL_BYTES) == 0 ||
           ((first & RACE_CELL_KIND) == 0 && !race__cell_is_summary(first));
}

static bool log_beside(const struct alone *access, bool anew)
{
    uint64_t *spare = race__shadow_spare(access->addr);
    uint64_t link = load_relaxed(spare);
    if ((access->before & RACE_CELL_MORE) == 0 || !race__cell_is_link(link) ||
        !is_plain_read(access->before & ~RACE_CELL_MORE))
        return false;
    struct race__crowd crowd = race__crowd_of_link(link);
    if (race__crowd_is_small(crowd) || !is_read_beside(access, crowd))
        return false;
    uint64_t epoch = access->strand->view.own.raw;
    bool is_over = anew && crowd.head->log != NULL;
    if (unlikely(is_over || !race__crowd_note(crowd, epoch, access->tag))) {
        race__crowd_unlog(&crowd);
        store_release(spare, race__crowd_link(crowd));
        (void)race__crowd_note(crowd, epoch, access->tag); // there is room now
    }
    return true;
}

bool race__word_log(goc_strand *strand, uintptr_t addr, uint64_t tag, bool anew)
{
    uint64_t *cell = race__shadow_cell(addr);
    struct alone access = {
        .strand = strand, .addr = addr, .tag = tag, .before = race__cell_lock(cell)};
    bool logged = log_beside(&access, anew);
    race__cell_unlock(cell, access.before);
    return logged;
}

/* The spare has one too, which is SECOND and all.  One of the two goes as a whole, or it is none
 * of this. */
static RACE_INLINE enum race__outcome access_pair(const struct alone *access,
                                                  uint64_t second)
{
    uint64_t first = access->before & ~RACE_CELL_MORE;
    first &= ~race__cell_answers(first, second);
    if (is_twin(access) && is_kept(access, second)) // the cell has no bytes of its
        return widen(access);
    bool first_goes = is_replaced(access, first);
    bool second_goes = is_replaced(access, second);
    if ((!first_goes && !is_kept(access, first)) ||
        (!second_goes && !is_kept(access, second)) || (!first_goes && !second_goes))
        return RACE_LONG_WAY;
    if (first_goes)
        drop(access, first);
    if (second_goes) {
        drop(access, second);
        second = first_goes ? 0 : first;
        store_release(race__shadow_spare(access->addr), second);
    }
    return close_alone(access, second);
}

/* There are more than the cell's, or a link. */
static RACE_INLINE enum race__outcome access_more(const struct alone *access)
{
    uint64_t second = load_relaxed(race__shadow_spare(access->addr));
    if (race__cell_is_link(second))
        return access_shared(access, access->before & ~RACE_CELL_MORE, second);
    enum race__outcome outcome =
        race__word_few(access->strand, access->addr, access->mine, access->before);
    if (outcome != RACE_LONG_WAY || (second & RACE_CELL_MORE) != 0)
        return outcome;
    return access_pair(access, second);
}

/* What nearly all words see: data that one strand uses at a time.  [WRITE EXCLUSIVE], or
 * [READ EXCLUSIVE] of what a write before it left. */
static RACE_INLINE enum race__outcome access_alone(const struct alone *access)
{
    if (unlikely(race__rules_counted || access->mine == 0))
        return RACE_LONG_WAY;
    return (access->before & RACE_CELL_MORE) != 0 ? access_more(access)
                                                  : access_one(access);
}

enum race__outcome race__word_alone(goc_strand *strand, uintptr_t addr, uint64_t tag,
                                    uint64_t *before)
{
    uint64_t *cell = race__shadow_cell(addr);
    struct alone access = {.strand = strand,
                           .addr = addr,
                           .mine = race__cell_of(tag, race__strand_moment(strand)),
                           .tag = tag};
    if (load_relaxed(cell) == 0 && access.mine != 0 && !race__rules_counted &&
        cas_acq_rel(cell, &access.before, access.mine)) {
        strand->moment.puts++;
        return RACE_MARKED;
    }
    access.before = race__cell_lock(cell);
    *before = access.before;
    return access_alone(&access);
}

enum race__outcome race__word_alone_in(goc_strand *strand, uintptr_t addr, uint64_t tag,
                                       uint64_t before)
{
    struct alone access = {.strand = strand,
                           .addr = addr,
                           .mine = race__cell_of(tag, race__strand_moment(strand)),
                           .tag = tag,
                           .before = before};
    return access_alone(&access);
}

/* Words that are replaced one after the other: nearly always they have one mark, left by one access
 * of all of them. */
struct row {
    goc_strand *strand;
    uint64_t mine;
    uint64_t covered; // the epoch that was found to be ordered before last
    uint32_t moment;  // of marks that are gone from their cells and not counted yet …
    uint32_t gone;    // … so many
};

static RACE_INLINE void settle_row(struct row *row)
{
    if (row->gone != 0)
        race__strand_drop_many(row->strand, row->moment, row->gone);
    row->gone = 0;
}

/* The cells of ROW's next COUNT words are locked and were NOW: one mark, of no kind that the access
 * does not stand for, which is all of the word's.  Is it ordered before?  Then it counts as
 * gone. */
static RACE_INLINE bool replaces(struct row *row, uint64_t now, uint32_t count)
{
    uint32_t moment = race__cell_moment(now);
    uint64_t epoch = race__moment_epoch(moment);
    if (epoch != row->covered &&
        !race__view_covers(&row->strand->view, (race__epoch){epoch}))
        return false;
    row->covered = epoch;
    if (moment != row->moment)
        settle_row(row);
    row->moment = moment;
    row->gone += count;
    row->strand->moment.puts += count;
    return true;
}

/* One word of several, whose cell is NOW.  It becomes MINE if its mark is ordered before. */
static RACE_INLINE bool replace_next(struct row *row, uint64_t *cell, uint64_t now)
{
    if (!cas_acquire(cell, &now, now | RACE_CELL_LOCK))
        return false;
    bool replaced = replaces(row, now, 1);
    race__cell_unlock(cell, replaced ? row->mine : now);
    return replaced;
}

static RACE_INLINE unsigned __int128 twice(uint64_t cell)
{
    return (unsigned __int128)cell << 64 | cell;
}

/* The same of two words whose cells are the same, locked by one instruction: half of what a
 * range costs is these.  CELL is that of an even word. */
static RACE_INLINE bool replace_two(struct row *row, uint64_t *cell, uint64_t now)
{
    unsigned __int128 both = twice(now);
    if (cas_wide((unsigned __int128 *)(void *)cell, both, twice(now | RACE_CELL_LOCK)) !=
        both)
        return false;
    bool replaced = replaces(row, now, 2);
    uint64_t after = replaced ? row->mine : now;
    race__cell_unlock(cell, after);
    race__cell_unlock(cell + 1, after);
    return replaced;
}

enum race__outcome race__word_next(goc_strand *strand, uintptr_t addr, uint64_t mine)
{
    uint64_t *cell = race__shadow_cell(addr);
    enum race__outcome outcome = RACE_LONG_WAY;
    /* A crowd is asked without the lock first, by those that share the word. */
    if ((load_relaxed(cell) & RACE_CELL_MORE) != 0 &&
        race__cell_is_link(load_relaxed(race__shadow_spare(addr))))
        return RACE_LONG_WAY;
    uint64_t before = race__cell_lock(cell);
    if (race__word_renew(strand, addr, cell, mine, before))
        return RACE_MARKED;
    if (before != 0)
        outcome = race__word_few(strand, addr, mine, before);
    if (outcome == RACE_LONG_WAY)
        race__cell_unlock(cell, before);
    return outcome;
}

#define TWO ((uintptr_t)2 * RACE_WORD_SIZE)

/* What a range is asked for each of its words. */
struct range {
    uint64_t tag;
    uint64_t refused;     // a mark with one of these is not all, or stays …
    uint64_t refused_own; // … and one of the present epoch with one of these
    bool marked;          // a word got a mark
};

/* Do ADDR's word and the next have the same cell, and does the range's mark take the place of
 * nothing there, or of one mark of another epoch?  ADDR is even. */
static RACE_INLINE bool pass_two(struct row *row, uintptr_t addr, struct range *range)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t now = load_acquire(cell);
    if (now != load_relaxed(cell + 1) || (now & range->refused) != 0 || row->mine == 0)
        return false;
    if (now == 0) {
        if (cas_wide((unsigned __int128 *)(void *)cell, 0, twice(row->mine)) != 0)
            return false;
        row->strand->moment.puts += 2;
    } else if (((now ^ row->mine) & RACE_CELL_EPOCH) == 0 ||
               !replace_two(row, cell, now)) {
        return false;
    }
    return range->marked = true;
}

static RACE_INLINE bool pass_one(struct row *row, uintptr_t addr, struct range *range)
{
    goc_strand *strand = row->strand;
    uint64_t mine = row->mine;
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t now = load_acquire(cell);
    bool is_plain = (range->tag & (RACE_TAG_ATOMIC | RACE_TAG_FREE)) == 0;
    if (is_plain && race__cell_knows(now, strand->expect, RACE_CELL_BYTES,
                                     (range->tag & RACE_TAG_WRITE) != 0))
        return true;
    if (mine == 0)
        return false;
    if (now == 0) {
        if (!cas_acq_rel(cell, &now, mine))
            return false;
        strand->moment.puts++;
        return range->marked = true;
    }
    bool is_own = ((now ^ mine) & RACE_CELL_EPOCH) == 0;
    if ((now & range->refused) != 0 || (is_own && (now & range->refused_own) != 0)) {
        enum race__outcome outcome =
            is_plain ? race__word_next(strand, addr, mine) : RACE_LONG_WAY;
        range->marked |= outcome == RACE_MARKED;
        return outcome != RACE_LONG_WAY;
    }
    /* Of the present epoch it is ordered before without a look, and MINE takes its place in the
     * count of the strand's marks too. */
    if (is_own ? !cas_acq_rel(cell, &now, mine) : !replace_next(row, cell, now))
        return false;
    return range->marked = true;
}

uintptr_t race__words_alone(goc_strand *strand, uintptr_t addr, uintptr_t end,
                            uint64_t tag, bool *marked)
{
    struct row row = {.strand = strand, .covered = 0}; // no epoch
    if (!race__rules_counted)
        row.mine = race__cell_of(tag, race__strand_moment(strand));
    /* A read leaves a write where it is, and an atomic access what is plain.  Of the present epoch
     * a write takes the place of a plain read only, for others stand for it; a block's end that of
     * all. */
    bool is_write = (tag & RACE_TAG_WRITE) != 0;
    struct range range = {
        .tag = tag,
        .refused = RACE_CELL_LOCK | RACE_CELL_MORE | RACE_CELL_FREE |
                   (is_write ? 0 : RACE_CELL_WRITE),
        .refused_own = is_write ? RACE_CELL_WRITE | RACE_CELL_ATOMIC : UINT64_MAX,
    };
    if ((tag & RACE_TAG_ATOMIC) != 0)
        range.refused = UINT64_MAX;
    if ((tag & RACE_TAG_FREE) != 0)
        range.refused_own = 0;
    while (addr < end)
        if (addr % TWO == 0 && end - addr >= TWO && pass_two(&row, addr, &range))
            addr += TWO;
        else if (pass_one(&row, addr, &range))
            addr += RACE_WORD_SIZE;
        else
            break;
    settle_row(&row);
    *marked = range.marked;
    return addr;
}
