/* Meeting the marks of a word, one by one: the long way, which all accesses may take. */
#include "check/word.h"

#include "base/assert.h"
#include "state/forked.h"

struct work {
    uint64_t epoch;
    uint64_t tag;
    uint64_t left; // bytes, as a tag has them, that no mark of this epoch stands for
    const struct race__view *view;
    struct race__conflicts *conflicts;
    struct race__found found;
    struct race__word word;
    struct race__mark *twin; // a mark of this epoch that differs in its bytes only
    bool twin_in_crowd;
    bool met_all;            // all of the crowd's hashed half
    uint64_t known_to_read;  // bytes of this epoch's marks that stand for a plain read …
    uint64_t known_to_write; // … and for a plain write; of both those met so far
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
    if (in_crowd) {
        race__crowd_trim(work->word.crowd, mark, bytes);
        return;
    }
    mark->tag &= ~bytes;
    if ((mark->tag & RACE_TAG_BYTES) == 0)
        *mark = (struct race__mark){.epoch = 0};
}

/* A mark of the access's own epoch. */
static void meet_own(struct work *work, struct race__mark *mark, uint64_t tag,
                     bool in_crowd)
{
    uint64_t common = tag & work->tag & RACE_TAG_BYTES;
    if ((tag & (RACE_TAG_ATOMIC | RACE_TAG_FREE)) == 0) {
        work->known_to_read |= tag & RACE_TAG_BYTES;
        work->known_to_write |= (tag & RACE_TAG_WRITE) != 0 ? tag & RACE_TAG_BYTES : 0;
    }
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

/* Is PRIOR of the memory that the access, a write, has a copy of?  But for a block's end, of
 * which the copy may be in the midst too. */
static bool is_overwritten_copy(const struct work *work, struct race__mark prior)
{
    return (work->tag & RACE_TAG_WRITE) != 0 && (prior.tag & RACE_TAG_FREE) == 0 &&
           race__is_left_over((race__epoch){prior.epoch});
}

static void meet(struct work *work, struct race__mark *mark, bool in_crowd)
{
    struct race__mark prior = {.epoch = mark->epoch, .tag = mark->tag & ~RACE_TAG_USED};
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
    if (!ordered && is_overwritten_copy(work, prior)) {
        trim(work, mark, common, in_crowd);
        return;
    }
    add_conflict(work, race__judge(prior, work->tag, ordered, in_crowd));
    if (ordered && race__stands_for(work->tag, prior.tag)) {
        trim(work, mark, common, in_crowd);
        work->found.reads_gone += is_read;
    } else {
        work->found.reads_kept += is_read;
    }
}

/* May a mark of KIND in the hashed half conflict with the access, or be of a copy that it
 * overwrites? */
static bool may_concern(const struct work *work, uint32_t kind)
{
    bool overwrites = race__is_forked && (work->tag & RACE_TAG_WRITE) != 0;
    return (work->word.crowd.head->bytes[kind] & race__tag_byte_set(work->tag)) != 0 &&
           (race__conflicts(kind * RACE_TAG_WRITE, work->tag) || overwrites);
}

/* All of the hashed half.  Afterwards the head's bytes are exact again. */
static void meet_hashed(struct work *work)
{
    struct race__mark *hashed = race__crowd_hashed(work->word.crowd);
    uint8_t bytes[RACE_CROWD_KINDS] = {0};
    work->met_all = true;
    for (uint32_t i = 0; i < work->word.crowd.half; i++) {
        meet(work, &hashed[i], true);
        if (load_relaxed(&hashed[i].epoch) != 0)
            bytes[race__tag_kind(hashed[i].tag)] |= race__tag_byte_set(hashed[i].tag);
    }
    work->word.crowd.head->bytes[RACE_KIND_READ] = bytes[RACE_KIND_READ];
    work->word.crowd.head->bytes[RACE_KIND_ATOMIC_READ] = bytes[RACE_KIND_ATOMIC_READ];
    work->word.crowd.head->bytes[RACE_KIND_ATOMIC_WRITE] = bytes[RACE_KIND_ATOMIC_WRITE];
}

/* The strand's own among them, which is all that an access needs that conflicts with
 * none: a read beside other reads. */
static void meet_own_hashed(struct work *work)
{
    struct race__mark *hashed = race__crowd_hashed(work->word.crowd);
    uint32_t half = work->word.crowd.half;
    uint32_t at = race__crowd_home(half, race__epoch_slot((race__epoch){work->epoch}));
    for (uint32_t probes = 0; probes < half && race__crowd_used(&hashed[at]); probes++) {
        meet(work, &hashed[at], true);
        at = (at + 1) & (half - 1);
    }
    if (work->word.crowd.head->bytes[RACE_KIND_READ] != 0)
        work->found.reads_kept += 2; // a crowd of readers is shared, whoever was met
}

/* All of a small crowd. */
static void meet_small(struct work *work)
{
    uint32_t count;
    struct race__mark *places = race__crowd_places(work->word.crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        meet(work, &places[i], true);
    work->met_all = true;
}

static void meet_crowd(struct work *work)
{
    if (race__crowd_is_small(work->word.crowd)) {
        meet_small(work);
        return;
    }
    struct race__mark *row = race__crowd_row(work->word.crowd);
    for (uint32_t i = 0; i < work->word.crowd.head->writes; i++)
        meet(work, &row[i], true);
    if (may_concern(work, RACE_KIND_READ) || may_concern(work, RACE_KIND_ATOMIC_READ) ||
        may_concern(work, RACE_KIND_ATOMIC_WRITE))
        meet_hashed(work);
    else
        meet_own_hashed(work);
}

static void put_in_crowd(struct work *work, struct race__mark mark)
{
    struct race__word *word = &work->word;
    if (word->crowd.head == NULL)
        race__word_to_crowd(word);
    else if (!work->met_all && race__crowd_is_full(word->crowd, mark.tag))
        meet_hashed(work); // drops what is ordered before this access
    race__crowd_put(&word->crowd, mark.epoch, mark.tag);
}

/* The access's bytes that nothing stands for get a mark: in the cell, where repeated
 * accesses look first.  What was there moves on. */
static void enter(struct work *work, uint32_t moment)
{
    struct race__word *word = &work->word;
    struct race__mark mark = {.epoch = work->epoch,
                              .tag = (work->tag & ~RACE_TAG_BYTES) | work->left};
    if (work->twin != NULL) {
        if (work->twin_in_crowd)
            race__crowd_widen(word->crowd, work->twin, work->left);
        else
            work->twin->tag |= work->left;
        return;
    }
    if (race__cell_of(mark.tag, moment) == 0) {
        put_in_crowd(work, mark);
        return;
    }
    if (word->place[0].epoch != 0) {
        unsigned i = 1;
        while (i < RACE_WORD_PLACES && word->place[i].epoch != 0)
            i++;
        if (word->crowd.head == NULL && i < RACE_WORD_PLACES) {
            word->place[i] = word->place[0];
            word->moment[i] = word->moment[0];
        } else {
            put_in_crowd(work, word->place[0]);
        }
    }
    word->place[0] = mark;
    word->moment[0] = moment;
}

/* Several marks of this epoch stand for the access together, or will for the next one:
 * then the cell says so in one, and they stand in the crowd. */
static void summarise(struct work *work, uint32_t moment)
{
    struct race__word *word = &work->word;
    bool is_write = (work->tag & RACE_TAG_WRITE) != 0;
    uint64_t bytes = work->left | (is_write ? work->known_to_write : work->known_to_read);
    bool in_crowd = word->crowd.head != NULL;
    if (moment == 0 || (work->tag & (RACE_TAG_ATOMIC | RACE_TAG_FREE)) != 0 ||
        (!in_crowd && work->found.same < 2))
        return;
    bool is_own = word->place[0].epoch == work->epoch;
    if (is_own && (bytes & ~word->place[0].tag) == 0 && word->moment[0] == moment)
        return; // one mark says it all
    if (!is_own && (word->place[0].epoch != 0 || !in_crowd))
        return; // the cell is another's, or one of a few marks
    if (is_own) {
        put_in_crowd(work, word->place[0]);
        word->place[0].epoch = 0;
    }
    if ((bytes & ~work->known_to_write) == 0)
        is_write = true; // it answers for writes too
    word->summary = race__cell_summary(bytes | (is_write ? RACE_TAG_WRITE : 0), moment);
}

/* MARK, which an access of a strand that is alone finds. */
static void settle(struct work *work, struct race__mark *mark, bool in_crowd)
{
    struct race__mark prior = {.epoch = mark->epoch, .tag = mark->tag & ~RACE_TAG_USED};
    bool ordered = race__view_covers(work->view, (race__epoch){prior.epoch});
    if (prior.epoch == 0)
        return;
    if (ordered && (prior.tag & RACE_TAG_FREE) == 0)
        trim(work, mark, RACE_TAG_BYTES, in_crowd);
    else if ((prior.tag & work->tag & RACE_TAG_BYTES) != 0 &&
             !is_overwritten_copy(work, prior))
        add_conflict(work, race__judge(prior, work->tag, ordered, in_crowd));
}

static void settle_crowd(struct work *work)
{
    struct race__word *word = &work->word;
    uint32_t count;
    struct race__mark *places = race__crowd_places(word->crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        settle(work, &places[i], true);
    if (word->crowd.head->live == 0) {
        race__crowd_close(word->crowd);
        word->crowd.head = NULL;
    }
}

/* Reads of a log that are known to be ordered before the access, which is ALONE or stands for them:
 * they go without being met.  Answers how many. */
static uint32_t pass_log(const struct work *work, uintptr_t addr, uint64_t before,
                         bool alone)
{
    uint64_t spare =
        (before & RACE_CELL_MORE) != 0 ? load_relaxed(race__shadow_spare(addr)) : 0;
    if (!race__cell_is_link(spare))
        return 0;
    struct race__crowd crowd = race__crowd_of_link(spare);
    const struct race__log *log = race__crowd_log(crowd);
    if (log == NULL || log->known == 0 || !race__view_covers(work->view, log->by))
        return 0;
    if (!alone && ((log->bytes & ~work->tag) != 0 || !race__stands_for(work->tag, 0)))
        return 0;
    return race__crowd_forget_known(crowd);
}

void race__word_settle(goc_strand *strand, uintptr_t addr, uint64_t tag,
                       struct race__conflicts *conflicts)
{
    struct work work = {.epoch = strand->view.own.raw,
                        .tag = tag,
                        .view = &strand->view,
                        .conflicts = conflicts};
    if (load_acquire(race__shadow_cell(addr)) == 0)
        return;
    uint64_t before = race__cell_lock(race__shadow_cell(addr));
    (void)pass_log(&work, addr, before, true);
    race__word_open(addr, before, &work.word);
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        settle(&work, &work.word.place[i], false);
    if (work.word.crowd.head != NULL)
        settle_crowd(&work);
    race__word_close(addr, before, &work.word, &strand->moment);
}

RACE_NOINLINE bool race__word_among_others(goc_strand *strand, uintptr_t addr,
                                           uint64_t tag, uint64_t before,
                                           struct race__conflicts *conflicts)
{
    struct work work = {.epoch = strand->view.own.raw,
                        .tag = tag,
                        .left = tag & RACE_TAG_BYTES,
                        .view = &strand->view,
                        .conflicts = conflicts};
    struct race__word *word = &work.word;
    uint32_t count = conflicts->count;
    work.found.reads_gone = pass_log(&work, addr, before, false);
    race__word_open(addr, before, word);
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        meet(&work, &word->place[i], false);
    if (word->crowd.head != NULL)
        meet_crowd(&work);
    if (word->crowd.head != NULL && word->crowd.head->live == 0) {
        race__assert(!work.twin_in_crowd); // the twin is live
        race__crowd_close(word->crowd);
        word->crowd.head = NULL;
    }
    uint32_t moment = race__strand_moment(strand);
    if (work.left != 0)
        enter(&work, moment);
    summarise(&work, moment);
    race__word_close(addr, before, word, &strand->moment);
    if (conflicts->count == count) {
        if (work.left != 0)
            work.found.same = 0; // in part only
        race__count(race__rule_of(tag, &work.found));
    }
    return work.left != 0;
}

bool race__word_access(goc_strand *strand, uintptr_t addr, uint64_t tag,
                       struct race__conflicts *conflicts)
{
    uint64_t before;
    enum race__outcome outcome = race__word_alone(strand, addr, tag, &before);
    if (outcome != RACE_LONG_WAY)
        return outcome == RACE_MARKED;
    return race__word_among_others(strand, addr, tag, before, conflicts);
}
