/* Lines: what the detector knows of an address besides accesses.
 *
 * For each 64 bytes of the program a head, a chain of things that have their address
 * there: sync objects (state/sync.h) and blocks (state/block.h).  A bit of the head locks
 * the line.  Who performs an atomic operation holds the lock of its line meanwhile, so
 * that what is modelled happens in the order in which it happened.
 *
 * Guard: the line's lock for the chain and for all that is in it.  A line's lock is taken
 * before a cell's, never two lines' but by race__line_lock_two.
 */
#ifndef GOC_STATE_LINE_H
#define GOC_STATE_LINE_H

#include "state/shadow.h"

enum race__thing_kind {
    RACE_THING_SYNC,
    RACE_THING_BLOCK,
};

/* One word, for small blocks have one to every few words of the program.
 *
 *   63     54 53         48 47             4 3   1 0
 *   0         place in line  next / 16        0     kind
 */
struct race__thing {
    uint64_t word;
};

#define RACE_THING_KIND UINT64_C(1)
#define RACE_THING_NEXT UINT64_C(0xfffffffffff0) // things are 16-aligned
#define RACE_THING_PLACE_BIT 48

#define RACE_LINE_LOCK UINT64_C(1) // of a head

static RACE_INLINE struct race__thing *race__thing_next(const struct race__thing *thing)
{
    return (struct race__thing *)(uintptr_t)(thing->word & RACE_THING_NEXT);
}

static RACE_INLINE enum race__thing_kind race__thing_kind(const struct race__thing *thing)
{
    return (enum race__thing_kind)(thing->word & RACE_THING_KIND);
}

/* What tells the thing of KIND at ADDR from others in its line. */
static RACE_INLINE uint64_t race__thing_name(uintptr_t addr, enum race__thing_kind kind)
{
    return (uint64_t)(addr % RACE_LINE_SIZE) << RACE_THING_PLACE_BIT | (uint64_t)kind;
}

static RACE_INLINE bool race__thing_is(const struct race__thing *thing, uint64_t name)
{
    return (thing->word & ~RACE_THING_NEXT) == name;
}

/* THING's address; LINE is any of its line's. */
static RACE_INLINE uintptr_t race__thing_addr(const struct race__thing *thing,
                                              uintptr_t line)
{
    return (line & ~(uintptr_t)(RACE_LINE_SIZE - 1)) +
           (thing->word >> RACE_THING_PLACE_BIT);
}

/* Waits for the lock of the line whose head this is. */
RACE_COLD void race__line_lock_slow(uint64_t *head);

static RACE_INLINE uint64_t *race__line_head(uintptr_t addr)
{
    race__shadow_enliven(addr);
    return race__shadow_line(addr);
}

/* Answers the head of ADDR's line, for those below that take one: what orders the program is asked
 * so often that finding it once matters. */
static RACE_INLINE uint64_t *race__line_lock(uintptr_t addr)
{
    uint64_t *head = race__line_head(addr);
    uint64_t free = load_relaxed(head) & ~RACE_LINE_LOCK;
    if (unlikely(!cas_acquire(head, &free, free | RACE_LINE_LOCK)))
        race__line_lock_slow(head);
    return head;
}

static RACE_INLINE void race__line_unlock_head(uint64_t *head)
{
    store_release(head, load_relaxed(head) & ~RACE_LINE_LOCK);
}

void race__line_unlock(uintptr_t addr);
/* Both lines, which may be one and the same. */
void race__line_lock_two(uintptr_t a, uintptr_t b);
void race__line_unlock_two(uintptr_t a, uintptr_t b);

/* Without the lock: nothing is in ADDR's line, and nobody is putting anything there. */
bool race__line_is_idle(uintptr_t addr);

/* With the lock.  Find answers the thing of KIND at exactly ADDR, or NULL. */
struct race__thing *race__line_first(uintptr_t addr);
struct race__thing *race__line_find(uintptr_t addr, enum race__thing_kind kind);

static RACE_INLINE struct race__thing *race__line_first_in(const uint64_t *head)
{
    return (struct race__thing *)(uintptr_t)(load_relaxed(head) & ~RACE_LINE_LOCK);
}

static RACE_INLINE struct race__thing *
race__line_find_in(const uint64_t *head, uintptr_t addr, enum race__thing_kind kind)
{
    uint64_t name = race__thing_name(addr, kind);
    struct race__thing *thing = race__line_first_in(head);
    while (thing != NULL && !race__thing_is(thing, name))
        thing = race__thing_next(thing);
    return thing;
}

/* THING, new and of KIND, to ADDR in the line of HEAD. */
static RACE_INLINE void race__line_add_to(uint64_t *head, struct race__thing *thing,
                                          uintptr_t addr, enum race__thing_kind kind)
{
    thing->word = race__thing_name(addr, kind) | (load_relaxed(head) & ~RACE_LINE_LOCK);
    store_release(head, (uint64_t)(uintptr_t)thing | RACE_LINE_LOCK);
    race__shadow_take_note(addr, RACE_NOTE_LINES);
}

void race__line_add(struct race__thing *thing, uintptr_t addr,
                    enum race__thing_kind kind);
/* From the line of HEAD. */
void race__line_remove(uint64_t *head, struct race__thing *thing);

#endif
