/* Heads with a lock bit. */
#include "state/line.h"

#include "base/assert.h"
#include "base/lock.h"

static uintptr_t line_of(uintptr_t addr)
{
    return addr >> RACE_LINE_SHIFT;
}

void race__line_lock_slow(uint64_t *head)
{
    unsigned spins = 0;
    for (;;) {
        uint64_t free = load_relaxed(head) & ~RACE_LINE_LOCK;
        if (cas_acquire(head, &free, free | RACE_LINE_LOCK))
            return;
        if (race__backoff(&spins))
            return;
    }
}

void race__line_unlock(uintptr_t addr)
{
    race__line_unlock_head(race__line_head(addr));
}

void race__line_lock_two(uintptr_t a, uintptr_t b)
{
    uintptr_t low = a < b ? a : b;
    uintptr_t high = a < b ? b : a;
    (void)race__line_lock(low);
    if (line_of(low) != line_of(high))
        (void)race__line_lock(high);
}

void race__line_unlock_two(uintptr_t a, uintptr_t b)
{
    race__line_unlock(a);
    if (line_of(a) != line_of(b))
        race__line_unlock(b);
}

bool race__line_is_idle(uintptr_t addr)
{
    return !race__shadow_is_live(addr) || load_acquire(race__shadow_line(addr)) == 0;
}

struct race__thing *race__line_first(uintptr_t addr)
{
    return race__line_first_in(race__line_head(addr));
}

struct race__thing *race__line_find(uintptr_t addr, enum race__thing_kind kind)
{
    return race__line_find_in(race__line_head(addr), addr, kind);
}

void race__line_add(struct race__thing *thing, uintptr_t addr, enum race__thing_kind kind)
{
    race__line_add_to(race__line_head(addr), thing, addr, kind);
}

void race__line_remove(uint64_t *head, struct race__thing *thing)
{
    struct race__thing *at = race__line_first_in(head);
    uint64_t next = thing->word & RACE_THING_NEXT;
    if (at == thing) {
        store_release(head, next | RACE_LINE_LOCK);
        return;
    }
    while (at != NULL && race__thing_next(at) != thing)
        at = race__thing_next(at);
    race__assert(at != NULL);
    at->word = (at->word & ~RACE_THING_NEXT) | next;
}
