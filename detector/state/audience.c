/* Audiences in their places, and their marks in words. */
#include "state/audience.h"

#include "base/lock.h"
#include "state/cell.h"
#include "state/slab.h"

struct race__audience *race__audience_lock(uintptr_t addr)
{
    uint64_t *place = race__audience_place(addr);
    unsigned spins = 0;
    for (;;) {
        uint64_t now = load_relaxed(place) & ~RACE_AUDIENCE_LOCK;
        if (cas_acquire(place, &now, now | RACE_AUDIENCE_LOCK) || race__backoff(&spins))
            return (struct race__audience *)(uintptr_t)(now & ~RACE_AUDIENCE_LOCK);
    }
}

void race__audience_unlock(uintptr_t addr, struct race__audience *audience)
{
    if (audience == NULL)
        (void)fetch_and_acq_rel(race__shadow_note(addr), (uint8_t)~RACE_NOTE_AUDIENCE);
    store_release(race__audience_place(addr), (uint64_t)(uintptr_t)audience);
}

static size_t size_of(uint32_t capacity)
{
    return sizeof(struct race__audience) + capacity * sizeof(struct race__mark);
}

struct race__audience *race__audience_open(uint32_t capacity)
{
    struct race__audience *audience = race__slab_alloc(size_of(capacity));
    audience->capacity = (uint16_t)capacity;
    return audience;
}

void race__audience_close(struct race__audience *audience)
{
    if (audience != NULL)
        race__slab_free(audience, size_of(audience->capacity));
}

/* The next size: with the head, twice as much memory. */
static struct race__audience *grown(struct race__audience *old)
{
    struct race__audience *audience = race__audience_open(old->capacity * 2u + 2);
    audience->count = old->count;
    audience->writes = old->writes;
    for (uint32_t i = 0; i < old->writes; i++)
        audience->write[i] = old->write[i];
    for (uint32_t i = 0; i < old->count; i++)
        audience->mark[i] = old->mark[i];
    race__audience_close(old);
    return audience;
}

bool race__audience_put(struct race__audience **audience, struct race__mark mark)
{
    if ((*audience)->count == RACE_AUDIENCE_MOST)
        return false;
    if ((*audience)->count == (*audience)->capacity)
        *audience = grown(*audience);
    (*audience)->mark[(*audience)->count++] = mark;
    return true;
}

static void spread_word(uintptr_t addr, const struct race__audience *audience)
{
    uint64_t before = race__cell_lock(race__shadow_cell(addr));
    struct race__word word;
    race__word_open(addr, before, &word);
    race__word_to_crowd(&word);
    for (uint32_t i = 0; i < audience->count; i++)
        race__crowd_put(&word.crowd, audience->mark[i].epoch, audience->mark[i].tag);
    race__word_close(addr, before, &word, NULL);
}

void race__audience_spread(uintptr_t addr, const struct race__audience *audience)
{
    uintptr_t first = addr & ~(uintptr_t)(RACE_NOTE_SIZE - 1);
    for (uintptr_t at = first; at < first + RACE_NOTE_SIZE; at += RACE_WORD_SIZE)
        spread_word(at, audience);
}

void race__audience_end(uintptr_t addr, bool spread)
{
    if (likely((load_acquire(race__shadow_note(addr)) & RACE_NOTE_AUDIENCE) == 0))
        return;
    struct race__audience *audience = race__audience_lock(addr);
    if (audience != NULL && spread)
        race__audience_spread(addr, audience);
    race__audience_unlock(addr, NULL);
    race__audience_close(audience);
}
