/* The persistent trie.  Descents recurse, bounded by RACE_SLOT_BITS / FANOUT_BITS = 7. */
#include "state/clock.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/bytes.h"
#include "state/slab.h"
#include "state/view.h"

_Static_assert(RACE_SLOT_BITS % RACE_CLOCK_FANOUT_BITS == 0, "whole levels");

static race__clock *node_new(uint32_t level)
{
    race__clock *node = race__slab_alloc(sizeof *node);
    node->refs = 1;
    node->level = level;
    return node;
}

race__clock *race__clock_share(race__clock *clock)
{
    if (clock != NULL)
        fetch_add_relaxed(&clock->refs, 1);
    return clock;
}

void race__clock_drop(race__clock *clock)
{
    if (clock == NULL || fetch_sub_acq_rel(&clock->refs, 1) != 1)
        return;
    if (clock->level != 0)
        for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
            race__clock_drop(clock->child[i]);
    race__slab_free(clock, sizeof *clock);
}

/* NODE itself where its one owner is the caller, else a copy; NODE is used up.  The
 * acquire pairs with the drop of whoever was the other owner. */
static race__clock *writable(race__clock *node)
{
    if (load_acquire(&node->refs) == 1)
        return node;
    race__clock *copy = node_new(node->level);
    copy->stamp = node->stamp;
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
        if (node->level != 0)
            copy->child[i] = race__clock_share(node->child[i]);
        else
            copy->clock[i] = node->clock[i];
    race__clock_drop(node);
    return copy;
}

/* CLOCK as the first child of a higher root; CLOCK is used up. */
static race__clock *lift(race__clock *clock, uint32_t level)
{
    while (clock->level < level) {
        race__clock *root = node_new(clock->level + 1);
        root->stamp = clock->stamp;
        root->child[0] = clock;
        clock = root;
    }
    return clock;
}

static uint32_t level_of(uint32_t slot)
{
    uint32_t level = 0;
    while (slot >> (RACE_CLOCK_FANOUT_BITS * (level + 1)) != 0)
        level++;
    return level;
}

race__clock *race__clock_raise(race__clock *clock, race__epoch epoch, race__epoch stamp)
{
    uint32_t slot = race__epoch_slot(epoch);
    if (race__clock_covers(clock, epoch))
        return clock;
    if (clock == NULL)
        clock = node_new(level_of(slot));
    clock = writable(lift(clock, level_of(slot)));
    race__clock *node = clock;
    node->stamp = stamp;
    for (uint32_t level = clock->level; level != 0; level--) {
        uint32_t way = slot >> (RACE_CLOCK_FANOUT_BITS * level) & (RACE_CLOCK_FANOUT - 1);
        race__clock *child = node->child[way];
        node->child[way] = child == NULL ? node_new(level - 1) : writable(child);
        node = node->child[way];
        node->stamp = stamp;
    }
    node->clock[slot % RACE_CLOCK_FANOUT] = race__epoch_clock(epoch);
    return clock;
}

static race__clock *join_leaf(race__clock *to, race__clock *from, race__epoch stamp)
{
    bool to_more = false, from_more = false;
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++) {
        to_more |= to->clock[i] > from->clock[i];
        from_more |= from->clock[i] > to->clock[i];
    }
    if (!from_more)
        return to;
    if (!to_more) {
        race__clock_drop(to);
        return race__clock_share(from);
    }
    to = writable(to);
    to->stamp = stamp;
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
        if (from->clock[i] > to->clock[i])
            to->clock[i] = from->clock[i];
    return to;
}

static race__clock *join_node(race__clock *to, race__clock *from,
                              const struct race__joint *joint);

/* TO with child I joined with FROM; copied only where it is shared and would change.  A
 * child that was changed in place has the joint's stamp, and its parent gets it too. */
static race__clock *join_child(race__clock *to, uint32_t i, race__clock *from,
                               const struct race__joint *joint)
{
    race__clock *old = to->child[i];
    if (load_acquire(&to->refs) == 1) {
        race__clock *joined = join_node(old, from, joint);
        if (joined != old ||
            (joined != NULL && race__epoch_same(joined->stamp, joint->stamp)))
            to->stamp = joint->stamp;
        to->child[i] = joined;
        return to;
    }
    race__clock *joined = join_node(race__clock_share(old), from, joint);
    if (joined == old) {
        race__clock_drop(joined);
        return to;
    }
    to = writable(to);
    to->stamp = joint->stamp;
    race__clock_drop(to->child[i]);
    to->child[i] = joined;
    return to;
}

/* Children of TO become their joins with FROM's.  Where all are FROM's own in the end, so
 * is the node: what is equal shall be shared, because joins skip what is. */
static race__clock *join_inner(race__clock *to, race__clock *from,
                               const struct race__joint *joint)
{
    bool as_from = true;
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++) {
        race__clock *old = to->child[i];
        race__clock *other = from->child[i];
        if (old != other && other != NULL)
            to = join_child(to, i, other, joint);
        as_from &= to->child[i] == from->child[i];
    }
    if (!as_from)
        return to;
    race__clock_drop(to);
    return race__clock_share(from);
}

static bool knows(const struct race__view *view, race__epoch stamp)
{
    return view != NULL && !race__epoch_is_none(stamp) && race__view_covers(view, stamp);
}

/* Levels are equal where both are there. */
static race__clock *join_node(race__clock *to, race__clock *from,
                              const struct race__joint *joint)
{
    if (to == from || knows(joint->to, from->stamp))
        return to;
    if (to == NULL || knows(joint->from, to->stamp)) {
        race__clock_drop(to);
        return race__clock_share(from);
    }
    return to->level == 0 ? join_leaf(to, from, joint->stamp)
                          : join_inner(to, from, joint);
}

race__clock *race__clock_join(race__clock *clock, race__clock *from,
                              const struct race__joint *joint)
{
    static const struct race__joint strangers;
    if (joint == NULL)
        joint = &strangers;
    if (from == NULL || clock == from)
        return clock;
    if (clock == NULL)
        return race__clock_share(from);
    if (clock->level < from->level)
        clock = lift(clock, from->level);
    if (clock->level == from->level)
        return join_node(clock, from, joint);
    race__clock *lifted = lift(race__clock_share(from), clock->level);
    clock = join_node(clock, lifted, joint);
    race__clock_drop(lifted);
    return clock;
}

uint32_t race__clock_count(const race__clock *clock)
{
    uint32_t count = 0;
    if (clock == NULL)
        return 0;
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
        count += clock->level != 0 ? race__clock_count(clock->child[i])
                                   : (uint32_t)(clock->clock[i] != 0);
    return count;
}

bool race__clock_is_sound(const race__clock *clock)
{
    if (clock == NULL)
        return true;
    if (clock->refs == 0)
        return false;
    if (clock->level == 0)
        return race__clock_count(clock) != 0;
    bool any = false;
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++) {
        const race__clock *child = clock->child[i];
        if (child == NULL)
            continue;
        any = true;
        if (child->level != clock->level - 1 || !race__clock_is_sound(child))
            return false;
    }
    return any;
}
