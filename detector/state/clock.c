/* The persistent trie, and which clocks are flat.  Descents recurse, bounded by its height, 9. */
#include "state/clock.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/bytes.h"
#include "state/flat.h"
#include "state/slab.h"
#include "state/view.h"

/* A clock becomes flat where a join looks at one in so many of the leaves that there may be up to
 * its highest slot: an array as long as four leaves is joined in the time that one leaf takes in a
 * trie. */
#define LEAVES_WORTH 4u

static size_t node_bytes(uint32_t level)
{
    const race__clock *node = NULL;
    return offsetof(race__clock, child) +
           (level == 0 ? sizeof node->clock : sizeof node->child);
}

static race__clock *node_new(uint32_t level)
{
    race__clock *node = race__slab_alloc(node_bytes(level));
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
    if (clock->level == RACE_CLOCK_FLAT) {
        race__flat_free(clock);
        return;
    }
    if (clock->level != 0)
        for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
            race__clock_drop(clock->child[i]);
    race__slab_free(clock, node_bytes(clock->level));
}

/* NODE itself where its one owner is the caller, else a copy; NODE is used up.  The
 * acquire pairs with the drop of whoever was the other owner. */
static race__clock *writable(race__clock *node)
{
    if (load_acquire(&node->refs) == 1)
        return node;
    race__clock *copy = node_new(node->level);
    copy->stamp = node->stamp;
    if (node->level == 0)
        for (uint32_t i = 0; i < RACE_CLOCK_LEAF; i++)
            copy->clock[i] = node->clock[i];
    else
        for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
            copy->child[i] = race__clock_share(node->child[i]);
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
    while (slot >> race__clock_bits(level) != 0)
        level++;
    return level;
}

race__clock *race__clock_raise(race__clock *clock, race__epoch epoch, race__epoch stamp)
{
    uint32_t slot = race__epoch_slot(epoch);
    if (race__clock_covers(clock, epoch))
        return clock;
    if (race__clock_is_flat(clock)) {
        if (race__flat_raise(&clock, epoch))
            return clock;
        clock = race__flat_thaw(clock);
    }
    if (clock == NULL)
        clock = node_new(level_of(slot));
    clock = writable(lift(clock, level_of(slot)));
    race__clock *node = clock;
    node->stamp = stamp;
    for (uint32_t level = clock->level; level != 0; level--) {
        uint32_t way = race__clock_way(node, slot);
        race__clock *child = node->child[way];
        node->child[way] = child == NULL ? node_new(level - 1) : writable(child);
        node = node->child[way];
        node->stamp = stamp;
    }
    node->clock[slot % RACE_CLOCK_LEAF] = (uint32_t)race__epoch_clock(epoch);
    return clock;
}

static race__clock *leaf_of(race__clock *clock, uint32_t slot)
{
    while (clock->level != 0)
        clock = clock->child[race__clock_way(clock, slot)];
    return clock;
}

/* A leaf in which a slot was raised is the clock's alone, and all above it has the stamp. */
race__clock *race__clock_raise_all(race__clock *clock, const race__epoch *epochs,
                                   uint32_t count, race__epoch stamp)
{
    race__clock *leaf = NULL;
    uint32_t leaf_number = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = race__epoch_slot(epochs[i]);
        if (leaf != NULL && slot / RACE_CLOCK_LEAF == leaf_number) {
            uint32_t *now = &leaf->clock[slot % RACE_CLOCK_LEAF];
            uint32_t then = (uint32_t)race__epoch_clock(epochs[i]);
            *now = *now < then ? then : *now;
        } else if (!race__clock_covers(clock, epochs[i])) {
            clock = race__clock_raise(clock, epochs[i], stamp);
            leaf = race__clock_is_flat(clock) ? NULL : leaf_of(clock, slot);
            leaf_number = slot / RACE_CLOCK_LEAF;
        }
    }
    return clock;
}

/* Whose nodes are joined, and from which slot on. */
struct pair {
    const struct race__joint *joint;
    uint32_t *leaves; // how many were looked at
    uint32_t first;
};

static bool has_slot(const race__clock *node, uint32_t first, uint32_t slot)
{
    return (slot ^ first) >> race__clock_bits(node->level) == 0;
}

/* Does VIEW, whose clock has NODE from slot FIRST on, know what OTHER says there?  A node is
 * mostly stamped by a strand that has one of its slots: then NODE itself says whether. */
static bool knows(const struct race__view *view, const race__clock *node, uint32_t first,
                  const race__clock *other)
{
    race__epoch stamp = other->stamp;
    uint32_t slot = race__epoch_slot(stamp);
    if (race__epoch_is_none(stamp))
        return false;
    if (has_slot(node, first, slot))
        return race__clock_get_in(node, slot) >= race__epoch_clock(stamp) ||
               (view != NULL && race__view_has_beside(view, stamp));
    return view != NULL && race__view_covers(view, stamp);
}

/* Four clocks of a leaf side by side.  They have RACE_CLOCK_BITS bits, so the sign of their
 * difference says which is more. */
typedef int32_t clocks __attribute__((vector_size(4 * sizeof(uint32_t))));
#define CLOCKS_A_LEAF (RACE_CLOCK_LEAF / 4)

static bool any_negative(clocks differences)
{
    return (differences[0] | differences[1] | differences[2] | differences[3]) < 0;
}

static race__clock *join_leaf(race__clock *to, race__clock *from, race__epoch stamp)
{
    const clocks *theirs = (const clocks *)(const void *)from->clock;
    clocks *mine = (clocks *)(void *)to->clock;
    clocks less = {0};
    clocks more = {0};
    for (uint32_t i = 0; i < CLOCKS_A_LEAF; i++) {
        less |= mine[i] - theirs[i];
        more |= theirs[i] - mine[i];
    }
    if (!any_negative(less))
        return to;
    if (!any_negative(more)) {
        race__clock_drop(to);
        return race__clock_share(from);
    }
    to = writable(to);
    to->stamp = stamp;
    mine = (clocks *)(void *)to->clock;
    for (uint32_t i = 0; i < CLOCKS_A_LEAF; i++) {
        clocks is_less = (mine[i] - theirs[i]) < 0;
        mine[i] = (theirs[i] & is_less) | (mine[i] & ~is_less);
    }
    return to;
}

static race__clock *join_node(race__clock *to, race__clock *from, struct pair pair);

/* TO with child I joined with FROM; copied only where it is shared and would change.  A
 * child that was changed in place has the joint's stamp, and its parent gets it too. */
static race__clock *join_child(race__clock *to, uint32_t i, race__clock *from,
                               struct pair pair)
{
    race__epoch stamp = pair.joint->stamp;
    race__clock *old = to->child[i];
    if (load_acquire(&to->refs) == 1) {
        race__clock *joined = join_node(old, from, pair);
        if (joined != old || (joined != NULL && race__epoch_same(joined->stamp, stamp)))
            to->stamp = stamp;
        to->child[i] = joined;
        return to;
    }
    race__clock *joined = join_node(race__clock_share(old), from, pair);
    if (joined == old) {
        race__clock_drop(joined);
        return to;
    }
    to = writable(to);
    to->stamp = stamp;
    race__clock_drop(to->child[i]);
    to->child[i] = joined;
    return to;
}

/* Children of TO become their joins with FROM's.  Where all are FROM's own in the end, so
 * is the node: what is equal shall be shared, because joins skip what is. */
static race__clock *join_inner(race__clock *to, race__clock *from, struct pair pair)
{
    bool as_from = true;
    uint32_t step = 1u << race__clock_bits(to->level - 1);
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++, pair.first += step) {
        race__clock *old = to->child[i];
        race__clock *other = from->child[i];
        if (old != other && other != NULL)
            to = join_child(to, i, other, pair);
        as_from &= to->child[i] == from->child[i];
    }
    if (!as_from)
        return to;
    race__clock_drop(to);
    return race__clock_share(from);
}

/* Levels are equal where both are there. */
static race__clock *join_node(race__clock *to, race__clock *from, struct pair pair)
{
    *pair.leaves += from->level == 0;
    if (to == from || (to != NULL && knows(pair.joint->to, to, pair.first, from)))
        return to;
    if (to == NULL || knows(pair.joint->from, from, pair.first, to)) {
        race__clock_drop(to);
        return race__clock_share(from);
    }
    return to->level == 0 ? join_leaf(to, from, pair.joint->stamp)
                          : join_inner(to, from, pair);
}

static race__clock *join_tries(race__clock *clock, race__clock *from, struct pair pair)
{
    if (clock->level < from->level)
        clock = lift(clock, from->level);
    if (clock->level == from->level)
        return join_node(clock, from, pair);
    race__clock *lifted = lift(race__clock_share(from), clock->level);
    clock = join_node(clock, lifted, pair);
    race__clock_drop(lifted);
    return clock;
}

/* One of the two is flat, and there can be no flat one of both. */
RACE_COLD static race__clock *join_thawed(race__clock *clock, race__clock *from,
                                          struct pair pair)
{
    if (race__clock_is_flat(clock))
        clock = race__flat_thaw(clock);
    if (!race__clock_is_flat(from))
        return join_tries(clock, from, pair);
    race__clock *thawed = race__flat_thaw(race__clock_share(from));
    clock = join_tries(clock, thawed, pair);
    race__clock_drop(thawed);
    return clock;
}

race__clock *race__clock_join(race__clock *clock, race__clock *from,
                              const struct race__joint *joint)
{
    static const struct race__joint strangers;
    uint32_t leaves = 0;
    struct pair pair = {.joint = joint != NULL ? joint : &strangers, .leaves = &leaves};
    if (from == NULL || clock == from)
        return clock;
    if (clock == NULL)
        return race__clock_share(from);
    if (race__clock_is_flat(clock) || race__clock_is_flat(from))
        return race__flat_join(&clock, from) ? clock : join_thawed(clock, from, pair);
    clock = join_tries(clock, from, pair);
    if (leaves != 0)
        race__flat_freeze(&clock, leaves * LEAVES_WORTH * RACE_CLOCK_LEAF);
    return clock;
}

uint32_t race__clock_count(const race__clock *clock)
{
    uint32_t count = 0;
    if (clock == NULL)
        return 0;
    if (clock->level == RACE_CLOCK_FLAT)
        return race__flat_count(clock);
    for (uint32_t i = 0; clock->level == 0 && i < RACE_CLOCK_LEAF; i++)
        count += clock->clock[i] != 0;
    for (uint32_t i = 0; clock->level != 0 && i < RACE_CLOCK_FANOUT; i++)
        count += race__clock_count(clock->child[i]);
    return count;
}

bool race__clock_is_sound(const race__clock *clock)
{
    if (clock == NULL)
        return true;
    if (clock->refs == 0)
        return false;
    if (clock->level == 0 || clock->level == RACE_CLOCK_FLAT)
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
