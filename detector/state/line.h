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

#define RACE_LINE_SIZE (1u << RACE_LINE_SHIFT)

enum race__thing_kind {
    RACE_THING_SYNC,
    RACE_THING_BLOCK,
};

struct race__thing {
    struct race__thing *next;
    uintptr_t addr; // const: anywhere in the line
    uint32_t kind;  // const: enum race__thing_kind
    uint32_t note;  // its kind's own: state/block.h
};

#define RACE_LINE_LOCK UINT64_C(1) // of a head; things are 16-aligned

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
    struct race__thing *thing = race__line_first_in(head);
    while (thing != NULL && (thing->addr != addr || thing->kind != kind))
        thing = thing->next;
    return thing;
}

/* To the line of HEAD. */
static RACE_INLINE void race__line_add_to(uint64_t *head, struct race__thing *thing)
{
    thing->next = race__line_first_in(head);
    store_release(head, (uint64_t)(uintptr_t)thing | RACE_LINE_LOCK);
    race__shadow_take_note(thing->addr, RACE_NOTE_LINES);
}

void race__line_add(struct race__thing *thing);
void race__line_remove(struct race__thing *thing);

#endif
