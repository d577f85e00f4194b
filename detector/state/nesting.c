/* The graph. */
#include "state/nesting.h"

#include "base/assert.h"
#include "base/lock.h"
#include "base/out.h"
#include "state/phase.h"
#include "state/slab.h"
#include "state/storage.h"
#include "state/sync.h"

#define BUCKET_COUNT (1u << 14)
#define FIRST_KEPT (RACE_NESTINGS_MAX / 2)

static struct race__lock graph;                       // all below
static struct race__lock_edge *buckets[BUCKET_COUNT]; // edges, by both ends
static struct race__lock_node *free_nodes;            // never given back: see node_of
static uint32_t edge_count;
static uint32_t cycling_count; // edges that closed a cycle

static struct race__lock_edge **bucket_of(const struct race__lock_node *from,
                                          const struct race__lock_node *to)
{
    uint64_t hash = ((uintptr_t)from >> 4) * 3 + ((uintptr_t)to >> 4);
    return &buckets[hash * UINT64_C(0x9e3779b97f4a7c15) >> 50]; // Knuth: 2^64 / phi
}

static struct race__lock_edge *find_edge(const struct race__lock_node *from,
                                         const struct race__lock_node *to)
{
    struct race__lock_edge *edge = *bucket_of(from, to);
    while (edge != NULL && (edge->from != from || edge->to != to))
        edge = edge->next;
    return edge;
}

/* Graph locked. */
static struct race__lock_node *new_node(uintptr_t addr)
{
    struct race__lock_node *node = free_nodes;
    if (node != NULL)
        free_nodes = node->waiting;
    else
        node = race__slab_alloc(sizeof *node);
    node->waiting = NULL;
    node->addr = addr;
    return node;
}

/* The node of the lock at ADDR; NULL for one that is used for signals.  Whoever frees the
 * lock meanwhile takes the node away: nodes are nodes for ever, and ADDR tells. */
static struct race__lock_node *node_of(uintptr_t addr)
{
    race__line_lock(addr);
    struct race__sync_more *more = race__sync_more(race__sync_get(addr));
    if (more->node == NULL) {
        race__lock(&graph);
        more->node = new_node(addr);
        race__unlock(&graph);
    }
    struct race__lock_node *node = more->handed_on ? NULL : more->node;
    race__line_unlock(addr);
    return node;
}

/* Raises what EDGE leads to above where it comes from, and all beyond.  What would have to
 * rise above itself is a cycle, which EDGE has closed. */
static void raise(struct race__lock_edge *edge)
{
    struct race__lock_node *first = edge->to;
    struct race__lock_node *last = first;
    if (edge->to->level > edge->from->level)
        return;
    struct race__lock_edge *back = find_edge(edge->to, edge->from);
    edge->cycles = back != NULL && !back->cycles;
    if (edge->cycles)
        return;
    first->level = edge->from->level + 1;
    while (first != NULL) {
        for (struct race__lock_edge *out = first->out; out != NULL; out = out->next_out) {
            struct race__lock_node *to = out->to;
            if (out->cycles || out == edge || to->level > first->level)
                continue;
            edge->cycles = edge->cycles || to == edge->from;
            to->level = first->level + 1;
            if (!to->queued) {
                to->queued = true;
                last->waiting = to;
                last = to;
            }
        }
        struct race__lock_node *next = first->waiting;
        first->waiting = NULL;
        first->queued = false;
        first = next;
    }
}

static struct race__lock_edge *get_edge(struct race__lock_node *from,
                                        struct race__lock_node *to)
{
    struct race__lock_edge *edge = find_edge(from, to);
    if (edge != NULL || edge_count == RACE_EDGES_MAX)
        return edge;
    if (++edge_count == RACE_EDGES_MAX)
        race__warn("more than %u orders of locks: later ones are not checked",
                   RACE_EDGES_MAX - 1);
    edge = race__slab_alloc(sizeof *edge);
    struct race__lock_edge **bucket = bucket_of(from, to);
    *edge = (struct race__lock_edge){.from = from,
                                     .to = to,
                                     .next = *bucket,
                                     .next_out = from->out,
                                     .next_in = to->in};
    *bucket = edge;
    from->out = edge;
    to->in = edge;
    raise(edge);
    cycling_count += edge->cycles;
    return edge;
}

static void drop_nesting(struct race__nesting *nesting)
{
    race__view_drop(&nesting->phase);
    race__slab_free(nesting, sizeof *nesting);
}

/* Where the next nesting of EDGE goes: a new place, or that of one of the late ones. */
static void make_room(struct race__lock_edge *edge)
{
    if (edge->count < RACE_NESTINGS_MAX) {
        edge->count++;
        return;
    }
    /* The latest stand first. */
    uint32_t late = RACE_NESTINGS_MAX - FIRST_KEPT;
    struct race__nesting **link = &edge->nestings;
    for (uint32_t i = 1; i < late && *link != NULL; i++)
        link = &(*link)->next;
    struct race__nesting *oldest = *link;
    race__assert(oldest != NULL);
    *link = oldest->next;
    drop_nesting(oldest);
}

static bool is_known(const struct race__lock_edge *edge, const struct race__nesting *key)
{
    for (const struct race__nesting *at = edge->nestings; at != NULL; at = at->next)
        if (at->strand == key->strand && at->set == key->set && at->leaf == key->leaf &&
            at->takes_exclusive == key->takes_exclusive &&
            race__epoch_same(at->phase.own, key->phase.own))
            return true;
    return false;
}

/* Graph locked.  KEY's phase is borrowed. */
static void note(struct race__lock_node *from, struct race__lock_node *to,
                 const struct race__nesting *key, struct race__cycle *cycle)
{
    struct race__lock_edge *edge = get_edge(from, to);
    if (edge == NULL || is_known(edge, key))
        return;
    struct race__nesting *nesting = race__slab_alloc(sizeof *nesting);
    *nesting = *key;
    nesting->phase = race__view_share(&key->phase);
    make_room(edge);
    nesting->next = edge->nestings;
    edge->nestings = nesting;
    if (cycle->count == 0 && cycling_count != 0)
        race__cycle_find(edge, nesting, cycle);
}

/* One lock of a set, and its node. */
struct holding {
    const struct race__held *held;
    struct race__lock_node *node;
};

/* How many locks SET has; none where the one at ADDR is among them: to take it again waits
 * for nobody. */
static uint32_t count_held(uint32_t set, uintptr_t addr)
{
    uint32_t count = 0;
    for (uint32_t at = set; at != RACE_LOCKSET_NONE; at = race__lockset_top(at)->below) {
        if ((uintptr_t)race__lockset_top(at)->addr == addr)
            return 0;
        count++;
    }
    return count;
}

static void find_nodes(uint32_t set, struct holding *out)
{
    for (uint32_t at = set; at != RACE_LOCKSET_NONE; out++) {
        out->held = race__lockset_top(at);
        out->node = node_of((uintptr_t)out->held->addr);
        at = out->held->below;
    }
}

void race__nesting_note(goc_strand *strand, uint32_t set, uintptr_t addr, bool exclusive,
                        uint32_t leaf, struct race__cycle *cycle)
{
    uint32_t count = count_held(set, addr);
    struct race__lock_node *to = count == 0 ? NULL : node_of(addr);
    cycle->count = 0;
    if (to == NULL)
        return;
    struct holding *held = race__slab_alloc(count * sizeof *held);
    find_nodes(set, held);
    race__phase_begin(strand);
    race__phase_noted(strand);
    struct race__nesting key = {.strand = race__strand_number(strand),
                                .set = set,
                                .leaf = leaf,
                                .takes_exclusive = exclusive,
                                .phase = strand->phase};
    race__lock(&graph);
    for (uint32_t i = 0; i < count && to->addr == addr; i++) {
        struct race__lock_node *from = held[i].node;
        if (from == NULL || from->addr != (uintptr_t)held[i].held->addr)
            continue;
        key.holds_exclusive = held[i].held->exclusive;
        note(from, to, &key, cycle);
    }
    race__unlock(&graph);
    race__slab_free(held, count * sizeof *held);
}

void race__nesting_remember(const goc_strand *strand)
{
    if (unlikely(race__self.nestings == NULL))
        race__self.nestings = race__storage_keep(RACE_KEPT_NESTINGS);
    race__self.nestings[strand->lockset % RACE_NESTING_HINTS] =
        (struct race__nesting_hint){.set = strand->lockset, .phase = strand->phase.own};
}

static void unlink_edge(struct race__lock_edge *edge)
{
    struct race__lock_edge **link = bucket_of(edge->from, edge->to);
    while (*link != edge)
        link = &(*link)->next;
    *link = edge->next;
    for (link = &edge->from->out; *link != edge;)
        link = &(*link)->next_out;
    *link = edge->next_out;
    for (link = &edge->to->in; *link != edge;)
        link = &(*link)->next_in;
    *link = edge->next_in;
    while (edge->nestings != NULL) {
        struct race__nesting *nesting = edge->nestings;
        edge->nestings = nesting->next;
        drop_nesting(nesting);
    }
    cycling_count -= edge->cycles;
    edge_count--;
    race__slab_free(edge, sizeof *edge);
}

void race__nesting_forget(struct race__lock_node *node)
{
    if (node == NULL)
        return;
    race__lock(&graph);
    while (node->out != NULL)
        unlink_edge(node->out);
    while (node->in != NULL)
        unlink_edge(node->in);
    node->addr = 0;
    node->level = 0;
    node->waiting = free_nodes;
    free_nodes = node;
    race__unlock(&graph);
}

void race__nesting_hand_on(uintptr_t addr)
{
    race__line_lock(addr);
    race__sync_more(race__sync_get(addr))->handed_on = true;
    race__line_unlock(addr);
}

bool race__nesting_is_handed_on(uintptr_t addr)
{
    race__line_lock(addr);
    const struct race__sync *sync = race__sync_find(addr);
    bool handed_on = sync != NULL && sync->more != NULL && sync->more->handed_on;
    race__line_unlock(addr);
    return handed_on;
}

void race__nesting_hold(bool hold)
{
    race__lock_hold(&graph, hold);
}
