/* Looking for a cycle: from where the new nesting leads, back to where it comes from.
 *
 * First the distance of every node to the goal, along edges backwards; then, for each
 * length in turn, a depth-first search with backtracking over edges and their nestings
 * that goes only where the goal can still be reached.
 */
#include "state/nesting.h"
#include "state/phase.h"

/* One way through the graph; STEP[0] is the new nesting's. */
struct way {
    const struct race__lock_edge *edge[RACE_CYCLE_MAX];
    const struct race__nesting *nesting[RACE_CYCLE_MAX];
    uint32_t depth; // how many
    uint32_t steps; // tried so far
};

static uint32_t searches; // graph

/* Writes into each node from which GOAL can be reached how far it is. */
static void measure(struct race__lock_node *goal)
{
    struct race__lock_node *last = goal;
    searches++;
    goal->seen = searches;
    goal->distance = 0;
    goal->waiting = NULL;
    for (struct race__lock_node *at = goal; at != NULL; at = at->waiting) {
        for (const struct race__lock_edge *in = at->in; in != NULL; in = in->next_in) {
            struct race__lock_node *from = in->from;
            if (from->seen == searches)
                continue;
            from->seen = searches;
            from->distance = at->distance + 1;
            from->waiting = NULL;
            last->waiting = from;
            last = from;
        }
    }
    while (goal != NULL) {
        struct race__lock_node *next = goal->waiting;
        goal->waiting = NULL;
        goal = next;
    }
}

static bool has(uint32_t set, const struct race__held *wanted)
{
    for (uint32_t at = set; at != RACE_LOCKSET_NONE; at = race__lockset_top(at)->below) {
        const struct race__held *held = race__lockset_top(at);
        if (held->addr == wanted->addr && (held->exclusive || wanted->exclusive))
            return true;
    }
    return false;
}

/* Is there a lock that keeps those who hold A and B apart? */
static bool have_gate(uint32_t a, uint32_t b)
{
    for (uint32_t at = a; at != RACE_LOCKSET_NONE; at = race__lockset_top(at)->below)
        if (has(b, race__lockset_top(at)))
            return true;
    return false;
}

static bool can_meet(const struct race__nesting *a, const struct race__nesting *b)
{
    return a->strand != b->strand && !race__phase_ordered(&a->phase, &b->phase) &&
           !have_gate(a->set, b->set);
}

/* Does A, which takes a lock, wait for B, which holds it? */
static bool waits_for(const struct race__nesting *a, const struct race__nesting *b)
{
    return a->takes_exclusive || b->holds_exclusive;
}

/* May NESTING follow the way? */
static bool fits(const struct way *way, const struct race__nesting *nesting)
{
    if (!waits_for(way->nesting[way->depth - 1], nesting))
        return false;
    for (uint32_t i = 0; i < way->depth; i++)
        if (!can_meet(way->nesting[i], nesting))
            return false;
    return true;
}

static struct race__lock_node *end_of(const struct way *way)
{
    return way->edge[way->depth - 1]->to;
}

/* The next edge and nesting after EDGE and NESTING (NULL: from the first on) by which the
 * way may go on to reach the goal in LEFT edges. */
static bool advance(struct way *way, const struct race__lock_edge *edge,
                    const struct race__nesting *nesting, uint32_t left)
{
    if (edge == NULL) {
        edge = end_of(way)->out;
        nesting = edge == NULL ? NULL : edge->nestings;
    } else {
        nesting = nesting->next;
    }
    while (edge != NULL && way->steps < RACE_CYCLE_STEPS_MAX) {
        bool leads = edge->to->seen == searches && edge->to->distance < left;
        for (; leads && nesting != NULL; nesting = nesting->next) {
            way->steps++;
            if (fits(way, nesting)) {
                way->edge[way->depth] = edge;
                way->nesting[way->depth] = nesting;
                way->depth++;
                return true;
            }
        }
        edge = edge->next_out;
        nesting = edge == NULL ? NULL : edge->nestings;
    }
    return false;
}

/* A cycle of LENGTH edges. */
static bool search(struct way *way, const struct race__lock_node *goal, uint32_t length)
{
    const struct race__lock_edge *edge = NULL;
    const struct race__nesting *nesting = NULL;
    way->depth = 1;
    for (;;) {
        if (way->depth < length && advance(way, edge, nesting, length - way->depth)) {
            edge = NULL;
            if (way->depth == length && end_of(way) == goal &&
                waits_for(way->nesting[length - 1], way->nesting[0]))
                return true;
            if (way->depth < length)
                continue;
        }
        if (way->depth == 1 || way->steps >= RACE_CYCLE_STEPS_MAX)
            return false;
        way->depth--;
        edge = way->edge[way->depth];
        nesting = way->nesting[way->depth];
    }
}

static void describe(const struct way *way, struct race__cycle *cycle)
{
    cycle->count = way->depth;
    for (uint32_t i = 0; i < way->depth; i++) {
        const struct race__nesting *nesting = way->nesting[i];
        cycle->step[i] =
            (struct race__cycle_step){.held = way->edge[i]->from->addr,
                                      .taken = way->edge[i]->to->addr,
                                      .strand = nesting->strand,
                                      .set = nesting->set,
                                      .leaf = nesting->leaf,
                                      .takes_exclusive = nesting->takes_exclusive};
    }
}

void race__cycle_find(const struct race__lock_edge *edge,
                      const struct race__nesting *nesting, struct race__cycle *cycle)
{
    struct way way = {.edge = {edge}, .nesting = {nesting}};
    measure(edge->from);
    if (edge->to->seen != searches)
        return;
    uint32_t length = edge->to->distance + 1;
    for (; length <= RACE_CYCLE_MAX && way.steps < RACE_CYCLE_STEPS_MAX; length++) {
        if (search(&way, edge->from, length)) {
            describe(&way, cycle);
            return;
        }
    }
}
