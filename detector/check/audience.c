/* Joining an audience, and disturbing one. */
#include "check/audience.h"

#include "state/cell.h"
#include "state/forked.h"
#include "state/sweep.h"

/* May a plain read of STRAND's, which found MARK, pass it over, if it finds only such?
 * AUDIENCE learns of which epoch it is. */
static bool admits(struct race__audience *audience, const struct race__view *view,
                   struct race__mark mark)
{
    if (mark.epoch == 0 || (mark.tag & RACE_TAG_WRITE) == 0)
        return true; // no mark, or one that no read conflicts with
    for (uint32_t i = 0; i < audience->writes; i++)
        if (audience->write[i] == mark.epoch && (mark.tag & RACE_TAG_FREE) == 0)
            return true;
    if ((mark.tag & RACE_TAG_FREE) != 0 || audience->writes == RACE_AUDIENCE_WRITES ||
        !race__view_covers(view, (race__epoch){mark.epoch}))
        return false;
    audience->write[audience->writes++] = mark.epoch;
    return true;
}

/* The same for all marks of ADDR's word, of which there is one at least: who is left alone takes a
 * cell of 0 for a word that nobody has to do with, and does not ask for an audience. */
static bool admits_word(struct race__audience *audience, const struct race__view *view,
                        uintptr_t addr)
{
    uint64_t *cell = race__shadow_cell(addr);
    struct race__word word;
    if (load_relaxed(cell) == 0)
        return false; // and its page, if it is none, stays none
    uint64_t before = race__cell_lock(cell);
    race__word_open(addr, before, &word);
    bool admitted = before != 0; // forgotten meanwhile
    for (unsigned i = 0; i < RACE_WORD_PLACES && admitted; i++)
        admitted = admits(audience, view, word.place[i]);
    if (word.crowd.head != NULL) {
        uint32_t count;
        const struct race__mark *places = race__crowd_places(word.crowd, &count);
        for (uint32_t i = 0; i < count && admitted; i++)
            admitted = admits(audience, view, places[i]);
    }
    race__cell_unlock(cell, before);
    return admitted;
}

/* An audience for the KiB at ADDR that VIEW's strand may join, or NULL. */
static struct race__audience *begin(uintptr_t addr, const struct race__view *view)
{
    struct race__audience *audience = race__audience_open(RACE_AUDIENCE_FIRST);
    (void)fetch_or_acq_rel(race__shadow_note(addr), RACE_NOTE_AUDIENCE | RACE_NOTE_MARKS);
    for (uintptr_t at = addr; at < addr + RACE_NOTE_SIZE; at += RACE_WORD_SIZE)
        if (!admits_word(audience, view, at)) {
            race__audience_close(audience);
            return NULL;
        }
    return audience;
}

/* Does VIEW know all writes that AUDIENCE has read from? */
static bool knows_writes(const struct race__view *view,
                         const struct race__audience *audience)
{
    for (uint32_t i = 0; i < audience->writes; i++)
        if (!race__view_covers(view, (race__epoch){audience->write[i]}))
            return false;
    return true;
}

/* Marks that are ordered before a read with VIEW, which stands for them, make room. */
static void thin_out(struct race__audience *audience, const struct race__view *view)
{
    uint16_t kept = 0;
    for (uint32_t i = 0; i < audience->count; i++)
        if (!race__view_covers(view, (race__epoch){audience->mark[i].epoch}))
            audience->mark[kept++] = audience->mark[i];
    audience->count = kept;
}

static bool enter(struct race__audience **audience, const struct race__view *view,
                  uint64_t tag)
{
    struct race__mark mark = {.epoch = view->own.raw, .tag = tag | RACE_TAG_BYTES};
    for (uint32_t i = 0; i < (*audience)->count; i++) {
        struct race__mark *at = &(*audience)->mark[i];
        if (race__epoch_slot((race__epoch){at->epoch}) != race__epoch_slot(view->own))
            continue;
        if (at->epoch != mark.epoch)
            *at = mark;
        return true;
    }
    if ((*audience)->count == (*audience)->capacity)
        thin_out(*audience, view);
    return race__audience_put(audience, mark);
}

/* Has the KiB at ADDR, by its first word and line, marks enough for an audience to pay?  One that
 * was read once after it was written, or by two, has. */
static bool is_worth(uintptr_t addr)
{
    return (load_relaxed(race__shadow_cell(addr)) & RACE_CELL_MORE) != 0 ||
           load_relaxed(&race__sweep_of(addr)->epoch) != 0;
}

bool race__audience_join(goc_strand *strand, uintptr_t addr, uint64_t tag)
{
    const struct race__view *view = &strand->view;
    if (!race__shadow_is_live(addr) || (race__audience_is_none(addr) && !is_worth(addr)))
        return false;
    struct race__audience *audience = race__audience_lock(addr);
    bool joins = false;
    if (audience == NULL)
        joins = (audience = begin(addr, view)) != NULL;
    else
        joins = knows_writes(view, audience);
    joins = joins && enter(&audience, view, tag);
    race__audience_unlock(addr, audience);
    if (!joins)
        return false;
    race__strand_mark(strand);
    race__count(RACE_READ_WHOLE);
    return true;
}

struct race__audience *race__audience_disturb(const goc_strand *strand, uintptr_t addr,
                                              uintptr_t end)
{
    struct race__audience *audience = race__audience_lock(addr);
    bool stays = end - addr < RACE_NOTE_SIZE; // it does not stand for all of the marks
    for (uint32_t i = 0; audience != NULL && i < audience->count && !stays; i++)
        stays = !race__view_covers(&strand->view, (race__epoch){audience->mark[i].epoch});
    if (audience != NULL && stays)
        race__audience_spread(addr, audience);
    race__audience_unlock(addr, NULL);
    return audience;
}

void race__audience_judge(const struct race__audience *audience, const goc_strand *strand,
                          uint64_t tag, struct race__conflicts *conflicts)
{
    for (uint32_t i = 0; i < audience->count; i++) {
        race__epoch epoch = {audience->mark[i].epoch};
        if (race__view_covers(&strand->view, epoch) || race__is_left_over(epoch))
            continue;
        struct race__conflict conflict =
            race__judge(audience->mark[i], tag, false, audience->count > 1);
        race__count((enum race__rule)conflict.rule);
        conflict.word = conflicts->word;
        if (conflicts->count < RACE_CONFLICTS_MAX)
            conflicts->conflict[conflicts->count++] = conflict;
    }
}
