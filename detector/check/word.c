/* Meeting the marks of a word, one by one. */
#include "check/word.h"

#include "base/assert.h"
#include "state/crowd.h"

struct work {
    uint64_t epoch;
    uint64_t tag;
    uint64_t left; // bytes, as a tag has them, that no mark of this epoch stands for
    const struct race__view *view;
    struct race__conflicts *conflicts;
    struct race__found found;
    struct race__crowd crowd; // of the word, if any
    struct race__mark *twin;  // a mark of this epoch that differs in its bytes only
    bool twin_in_crowd;
    bool met_all; // all of the crowd's hashed half
};

static void add_conflict(struct work *work, struct race__conflict conflict)
{
    if (conflict.rule == RACE_NO_RULE)
        return;
    race__count((enum race__rule)conflict.rule);
    struct race__conflicts *all = work->conflicts;
    conflict.word = all->word;
    if (all->count < RACE_CONFLICTS_MAX)
        all->conflict[all->count++] = conflict;
}

static void trim(struct work *work, struct race__mark *mark, uint64_t bytes,
                 bool in_crowd)
{
    if (in_crowd)
        race__crowd_trim(work->crowd, mark, bytes);
    else
        (void)race__mark_trim(mark, bytes);
}

/* A mark of the access's own epoch. */
static void meet_own(struct work *work, struct race__mark *mark, uint64_t tag,
                     bool in_crowd)
{
    uint64_t common = tag & work->tag & RACE_TAG_BYTES;
    if (((tag ^ work->tag) & ~RACE_TAG_BYTES) == 0) {
        work->twin = mark;
        work->twin_in_crowd = in_crowd;
    }
    if (common == 0)
        return;
    if (race__same_epoch(tag, work->tag)) {
        work->left &= ~common;
        work->found.same++;
        return;
    }
    struct race__mark prior = {.epoch = work->epoch, .tag = tag};
    add_conflict(work, race__judge(prior, work->tag, true, false));
    if (race__stands_for(work->tag, tag) && mark != work->twin)
        trim(work, mark, common, in_crowd);
}

static void meet(struct work *work, struct race__mark *mark, bool in_crowd)
{
    struct race__mark prior = {.epoch = load_relaxed(&mark->epoch),
                               .tag = load_relaxed(&mark->tag) & ~RACE_TAG_LOCK};
    if (prior.epoch == 0)
        return;
    if (prior.epoch == work->epoch) {
        meet_own(work, mark, prior.tag, in_crowd);
        return;
    }
    uint64_t common = prior.tag & work->tag & RACE_TAG_BYTES;
    if (common == 0)
        return;
    bool is_read = (prior.tag & RACE_TAG_WRITE) == 0;
    bool ordered = race__view_covers(work->view, (race__epoch){prior.epoch});
    add_conflict(work, race__judge(prior, work->tag, ordered, in_crowd));
    if (ordered && race__stands_for(work->tag, prior.tag)) {
        trim(work, mark, common, in_crowd);
        work->found.reads_gone += is_read;
    } else {
        work->found.reads_kept += is_read;
    }
}

/* May a mark of KIND in the hashed half conflict with the access? */
static bool may_conflict(const struct work *work, uint32_t kind)
{
    return (work->crowd.head->bytes[kind] & race__tag_byte_set(work->tag)) != 0 &&
           race__conflicts(kind * RACE_TAG_WRITE, work->tag);
}

/* All of the hashed half.  Afterwards the head's bytes are exact again. */
static void meet_hashed(struct work *work)
{
    struct race__mark *hashed = race__crowd_hashed(work->crowd);
    uint8_t bytes[RACE_CROWD_KINDS] = {0};
    work->met_all = true;
    for (uint32_t i = 0; i < work->crowd.half; i++) {
        meet(work, &hashed[i], true);
        if (load_relaxed(&hashed[i].epoch) != 0)
            bytes[race__tag_kind(hashed[i].tag)] |= race__tag_byte_set(hashed[i].tag);
    }
    work->crowd.head->bytes[RACE_KIND_READ] = bytes[RACE_KIND_READ];
    work->crowd.head->bytes[RACE_KIND_ATOMIC_READ] = bytes[RACE_KIND_ATOMIC_READ];
    work->crowd.head->bytes[RACE_KIND_ATOMIC_WRITE] = bytes[RACE_KIND_ATOMIC_WRITE];
}

/* The strand's own among them, which is all that an access needs that conflicts with
 * none: a read beside other reads. */
static void meet_own_hashed(struct work *work)
{
    struct race__mark *hashed = race__crowd_hashed(work->crowd);
    uint32_t half = work->crowd.half;
    uint32_t at = race__crowd_home(half, race__epoch_slot((race__epoch){work->epoch}));
    for (uint32_t probes = 0; probes < half && race__crowd_used(&hashed[at]); probes++) {
        meet(work, &hashed[at], true);
        at = (at + 1) & (half - 1);
    }
    if (work->crowd.head->bytes[RACE_KIND_READ] != 0)
        work->found.reads_kept += 2; // a crowd of readers is shared, whoever was met
}

static void meet_crowd(struct work *work)
{
    struct race__mark *row = race__crowd_row(work->crowd);
    for (uint32_t i = 0; i < work->crowd.head->writes; i++)
        meet(work, &row[i], true);
    if (may_conflict(work, RACE_KIND_READ) || may_conflict(work, RACE_KIND_ATOMIC_READ) ||
        may_conflict(work, RACE_KIND_ATOMIC_WRITE))
        meet_hashed(work);
    else
        meet_own_hashed(work);
}

static void put_in_crowd(struct work *work, struct race__cell *cell, uint64_t tag)
{
    if (work->crowd.head == NULL)
        race__crowd_open(cell);
    else if (!work->met_all && race__crowd_is_full(work->crowd, tag))
        meet_hashed(work); // drops what is ordered before this access
    race__crowd_put(cell, work->epoch, tag);
}

/* The access's bytes that nothing stands for get a mark. */
static void enter(struct work *work, struct race__cell *cell)
{
    uint64_t tag = (work->tag & ~RACE_TAG_BYTES) | work->left;
    if (work->twin != NULL) {
        if (work->twin_in_crowd)
            work->crowd.head->bytes[race__tag_kind(tag)] |= race__tag_byte_set(tag);
        store_release(&work->twin->tag, load_relaxed(&work->twin->tag) | work->left);
    } else if (load_relaxed(&cell->mark[0].epoch) == 0) {
        race__mark_put(&cell->mark[0], work->epoch, tag);
    } else if (work->crowd.head == NULL && load_relaxed(&cell->mark[1].epoch) == 0) {
        race__mark_put(&cell->mark[1], work->epoch, tag);
    } else {
        put_in_crowd(work, cell, tag);
    }
}

/* Is MARK nothing, or all of it what the access stands for and is ordered after? */
static RACE_INLINE bool is_replaced(const struct race__mark *mark, uint64_t tag,
                                    const struct race__view *view)
{
    uint64_t epoch = load_relaxed(&mark->epoch);
    uint64_t prior = load_relaxed(&mark->tag) & ~RACE_TAG_LOCK;
    if (epoch == 0)
        return true;
    if (epoch == view->own.raw && race__stands_for(prior, tag))
        return false; // the same again: the mark stays as it is
    return (prior & (~tag & RACE_TAG_BYTES)) == 0 && (prior & RACE_TAG_FREE) == 0 &&
           race__stands_for(tag, prior) && race__view_covers(view, (race__epoch){epoch});
}

/* Is MARK a plain write that is ordered before the access, a plain read? */
static RACE_INLINE bool is_read_from(const struct race__mark *mark, uint64_t tag,
                                     const struct race__view *view)
{
    uint64_t prior = load_relaxed(&mark->tag);
    return (tag & RACE_TAG_KIND) == 0 && (prior & RACE_TAG_KIND) == RACE_TAG_WRITE &&
           load_relaxed(&mark->epoch) != view->own.raw &&
           race__view_covers(view, (race__epoch){load_relaxed(&mark->epoch)});
}

/* What nearly all words see: data that one strand uses at a time.  [WRITE EXCLUSIVE], or
 * [READ EXCLUSIVE] of what a write before it left.  The cell is locked.  False: the word
 * needs the long way. */
static RACE_INLINE bool access_alone(struct race__cell *cell, uint64_t tag,
                                     const struct race__view *view)
{
    struct race__mark *first = &cell->mark[0];
    struct race__mark *second = &cell->mark[1];
    if (unlikely(race__rules_counted) || !is_replaced(second, tag, view))
        return false;
    if (is_replaced(first, tag, view)) {
        if (load_relaxed(&second->epoch) != 0)
            race__mark_remove(second);
        race__mark_put(first, view->own.raw, tag);
        return true;
    }
    if (!is_read_from(first, tag, view))
        return false;
    race__mark_put(second, view->own.raw, tag);
    return true;
}

/* The cell is locked. */
static RACE_NOINLINE bool access_among_others(struct race__cell *cell, uint64_t tag,
                                              const struct race__view *view,
                                              struct race__conflicts *conflicts)
{
    struct work work = {.epoch = view->own.raw,
                        .tag = tag,
                        .left = tag & RACE_TAG_BYTES,
                        .view = view,
                        .conflicts = conflicts};
    uint32_t before = conflicts->count;
    work.crowd = race__crowd_of(cell);
    meet(&work, &cell->mark[0], false);
    if (work.crowd.head == NULL)
        meet(&work, &cell->mark[1], false);
    else
        meet_crowd(&work);
    if (work.crowd.head != NULL && work.crowd.head->live == 0) {
        race__assert(!work.twin_in_crowd); // the twin is live
        race__crowd_close(cell);
        work.crowd.head = NULL;
    }
    if (work.left != 0)
        enter(&work, cell);
    if (conflicts->count == before) {
        if (work.left != 0)
            work.found.same = 0; // in part only
        race__count(race__rule_of(tag, &work.found));
    }
    return work.left != 0;
}

bool race__word_access(struct race__cell *cell, uint64_t tag,
                       const struct race__view *view, struct race__conflicts *conflicts)
{
    bool marked = true;
    race__cell_lock(cell);
    if (!access_alone(cell, tag, view))
        marked = access_among_others(cell, tag, view, conflicts);
    race__cell_unlock(cell);
    return marked;
}
