/* Vector clocks: for each slot, the latest moment known of it.
 *
 * A clock is a persistent trie over slots, with leaves of 32 and 8 ways a level above them:
 * nodes are counted, shared between clocks, and changed in place only where one clock owns
 * them.  So handing a clock on costs nothing, a join skips every part that both sides share
 * already, and a strand that knows few others costs few nodes, however many strands there are.
 * A clock is as high as its highest slot needs.  Leaves are wide because comparing clocks is
 * cheap; nodes above them are narrow because copying one counts each of its children.
 *
 * A node has a stamp: a strand's epoch at which that strand knew all that the node says; so
 * who knows that epoch knows all of it, and a join need not go down to it.  None where no
 * such epoch is known.  Strands that were born together are close in the trie and tell each
 * other most, so the stamp's slot is mostly one of the node's own, and the node at the same
 * place of the other clock says whether it is known.
 *
 * Where strands keep hearing of each other, joins would find most leaves changed on both sides.
 * Such a clock is flat: one array of all slots, without stamps (state/flat.h).
 *
 * NULL is the clock that knows nothing.  "Owned" means: the caller's to use up or drop.
 * Guards: whoever guards the pointer to a root (a strand its own, a sync object's lock).
 */
#ifndef GOC_STATE_CLOCK_H
#define GOC_STATE_CLOCK_H

#include "base/compiler.h"
#include "state/epoch.h"

#include <stdbool.h>
#include <stddef.h>

#define RACE_CLOCK_LEAF_BITS 5
#define RACE_CLOCK_LEAF (1u << RACE_CLOCK_LEAF_BITS)
#define RACE_CLOCK_FANOUT_BITS 3
#define RACE_CLOCK_FANOUT (1u << RACE_CLOCK_FANOUT_BITS)
#define RACE_CLOCK_FLAT UINT32_MAX // in place of a level
#define RACE_CLOCK_FLAT_HEAD 32    // bytes of a flat clock before its slots

typedef struct race__clock race__clock;
struct race__view;

struct race__clock {
    uint32_t refs;  // atomic: clocks and nodes that point here
    uint32_t level; // 0: leaf; RACE_CLOCK_FLAT; const
    union {
        race__epoch stamp; // of a node of a trie
        struct {
            uint32_t room; // const: for so many slots
            uint32_t used; // what is known of slots is below it
        } flat;
    };
    union {
        uint32_t clock[RACE_CLOCK_LEAF];       // leaf
        race__clock *child[RACE_CLOCK_FANOUT]; // above
    };
};

static inline bool race__clock_is_flat(const race__clock *clock)
{
    return clock != NULL && clock->level == RACE_CLOCK_FLAT;
}

static inline uint32_t *race__clock_slots(race__clock *flat)
{
    return (uint32_t *)(void *)((char *)flat + RACE_CLOCK_FLAT_HEAD);
}

static inline uint64_t race__clock_get_flat(const race__clock *flat, uint32_t slot)
{
    const void *slots = (const char *)flat + RACE_CLOCK_FLAT_HEAD;
    return slot < flat->flat.used ? ((const uint32_t *)slots)[slot] : 0;
}

/* Slots of a node of LEVEL, as bits. */
static inline uint32_t race__clock_bits(uint32_t level)
{
    return RACE_CLOCK_LEAF_BITS + RACE_CLOCK_FANOUT_BITS * level;
}

/* Which child of NODE, a node above the leaves, has SLOT. */
static inline uint32_t race__clock_way(const race__clock *node, uint32_t slot)
{
    return slot >> race__clock_bits(node->level - 1) & (RACE_CLOCK_FANOUT - 1);
}

/* The latest moment of SLOT, one of those of NODE, of a trie, that NODE knows, 0 for none. */
static inline uint64_t race__clock_get_in(const race__clock *node, uint32_t slot)
{
    while (node->level != 0) {
        node = node->child[race__clock_way(node, slot)];
        if (node == NULL)
            return 0;
    }
    return node->clock[slot % RACE_CLOCK_LEAF];
}

/* The latest moment of SLOT that CLOCK knows, 0 for none. */
static inline uint64_t race__clock_get(const race__clock *clock, uint32_t slot)
{
    if (clock == NULL)
        return 0;
    if (clock->level == RACE_CLOCK_FLAT)
        return race__clock_get_flat(clock, slot);
    return slot >> race__clock_bits(clock->level) != 0 ? 0
                                                       : race__clock_get_in(clock, slot);
}

/* Was EPOCH before all that CLOCK stands for? */
static inline bool race__clock_covers(const race__clock *clock, race__epoch epoch)
{
    return race__epoch_clock(epoch) <= race__clock_get(clock, race__epoch_slot(epoch));
}

/* One more owner of CLOCK; answers CLOCK. */
race__clock *race__clock_share(race__clock *clock);
/* One owner less. */
void race__clock_drop(race__clock *clock);
/* CLOCK, which is used up, with EPOCH known too.  Nodes that change get STAMP. */
race__clock *race__clock_raise(race__clock *clock, race__epoch epoch,
                               race__epoch stamp) RACE_CHECK_RESULT;

/* The same with COUNT EPOCHS: of slots that are neighbours, mostly. */
race__clock *race__clock_raise_all(race__clock *clock, const race__epoch *epochs,
                                   uint32_t count, race__epoch stamp) RACE_CHECK_RESULT;

/* Whose clocks are joined. */
struct race__joint {
    const struct race__view *to; // before the join; somebody keeps it as it is
    const struct race__view *from;
    race__epoch stamp; // for nodes that change
};

/* CLOCK, which is used up, with all that FROM knows; FROM stays its owner's.  What JOINT's
 * TO knows is left out, and what JOINT's FROM knows need not stay.  NULL: nothing is known
 * of either.  Where much of the one and much of the other is new, the clock is flat from then
 * on. */
race__clock *race__clock_join(race__clock *clock, race__clock *from,
                              const struct race__joint *joint) RACE_CHECK_RESULT;

/* Both answer how many slots CLOCK knows, and whether the trie is sound: levels, counts
 * and no empty leaf.  For tests. */
uint32_t race__clock_count(const race__clock *clock);
bool race__clock_is_sound(const race__clock *clock);

#endif
