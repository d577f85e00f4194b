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
    uint32_t unused;
};

void race__line_lock(uintptr_t addr);
void race__line_unlock(uintptr_t addr);
/* Both lines, which may be one and the same. */
void race__line_lock_two(uintptr_t a, uintptr_t b);
void race__line_unlock_two(uintptr_t a, uintptr_t b);

/* Without the lock: nothing is in ADDR's line, and nobody is putting anything there. */
bool race__line_is_idle(uintptr_t addr);

/* With the lock.  Find answers the thing of KIND at exactly ADDR, or NULL. */
struct race__thing *race__line_first(uintptr_t addr);
struct race__thing *race__line_find(uintptr_t addr, enum race__thing_kind kind);
void race__line_add(struct race__thing *thing);
void race__line_remove(struct race__thing *thing);

#endif
