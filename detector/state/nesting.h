/* Nestings: which lock was taken while which was held, and by whom.
 *
 * A graph.  A node is a lock that was nested, an edge from F to T says that T was taken
 * while F was held, and a nesting of the edge says by which strand, where, with what other
 * locks held, and when.  Nestings that lie on a cycle are a deadlock that may happen, as
 * Havelund's Goodlock has it (SPIN 2000) and Bensalem and Havelund for cycles of any
 * length (HVC 2005), if
 *
 *   strands  all of them are by different strands: one strand alone never meets itself
 *   gates    no two of them hold a common lock, which would keep them apart; two that hold
 *            it for reading are not kept apart
 *   phases   no two of them are ordered by anything but locks (state/phase.h)
 *   readers  each waits for what the next one holds: not where both only read
 *
 * Trying to take a lock waits for nothing: it makes no nesting, but what was got by it is
 * held like any other.
 *
 * The graph has no limit on locks held or known but memory; each edge keeps
 * RACE_NESTINGS_MAX nestings, the first and the latest ones.  A strand that does what it has
 * done before costs one look at a table of its thread's own.  Most programs nest in one
 * order, so each node has a level, and an edge upwards can close no cycle: only once some
 * edge does is there a search (state/cycle.c), bounded by RACE_CYCLE_MAX and RACE_CYCLE_STEPS_MAX.
 *
 * A node goes with its sync object: a lock whose memory is given back is another one later.
 *
 * Guard: one lock over the graph, taken after a line's.
 */
#ifndef GOC_STATE_NESTING_H
#define GOC_STATE_NESTING_H

#include "state/lockset.h"
#include "state/strand.h"

#define RACE_NESTINGS_MAX 16u
#define RACE_CYCLE_MAX 16u
#define RACE_CYCLE_STEPS_MAX 20000u
#define RACE_EDGES_MAX (1u << 20)

struct race__lock_node {
    uintptr_t addr; // const while the node lives; 0: it does not
    /* graph: below those of all locks that are taken while it is held, but by edges that cycle */
    uint32_t level;
    uint32_t seen;               // graph: the search that came by last
    uint32_t distance;           // graph: of that search, in edges to its goal
    struct race__lock_edge *out; // graph
    struct race__lock_edge *in;  // graph
    /* graph: next in a queue, or in the list of free nodes */
    struct race__lock_node *waiting;
    bool queued; // graph: in a queue of raise()
};

struct race__lock_edge {
    struct race__lock_node *from, *to; // const
    struct race__lock_edge *next_out;  // graph
    struct race__lock_edge *next_in;   // graph
    struct race__lock_edge *next;      // graph: in its bucket
    struct race__nesting *nestings;    // graph
    uint32_t count;                    // graph: how many
    bool cycles;                       // graph: it closed a cycle when it was made
};

/* Constant once it is in its edge. */
struct race__nesting {
    struct race__nesting *next;
    uint32_t strand; // its first birth record
    uint32_t set;    // the locks held, without the one taken
    uint32_t leaf;   // where that was taken
    bool takes_exclusive;
    bool holds_exclusive;    // of the edge's first lock
    struct race__view phase; // owned
};

/* A cycle that was found: each step takes ADDR while it holds the one before, and the first
 * the last one's. */
struct race__cycle_step {
    uintptr_t held;
    uintptr_t taken;
    uint32_t strand;
    uint32_t set; // in which HELD is
    uint32_t leaf;
    bool takes_exclusive;
};

struct race__cycle {
    uint32_t count; // 0: none
    struct race__cycle_step step[RACE_CYCLE_MAX];
};

/* Has the calling thread noted lately what STRAND now holds? */
static inline bool race__nesting_is_noted(const goc_strand *strand)
{
    const struct race__nesting_hint *hints = race__self.nestings;
    if (unlikely(hints == NULL))
        return false;
    const struct race__nesting_hint *hint = &hints[strand->lockset % RACE_NESTING_HINTS];
    return hint->set == strand->lockset &&
           race__epoch_same(hint->phase, strand->phase.own);
}

/* STRAND, which held SET, takes the lock at ADDR at LEAF, or is about to.  The first cycle
 * that it closes goes to CYCLE.  No line is locked. */
void race__nesting_note(goc_strand *strand, uint32_t set, uintptr_t addr, bool exclusive,
                        uint32_t leaf, struct race__cycle *cycle);
/* All that race__nesting_note did for what STRAND now holds need not be done again. */
void race__nesting_remember(const goc_strand *strand);
/* The lock of NODE, which may be NULL, is gone. */
void race__nesting_forget(struct race__lock_node *node);
/* One strand has given back the lock at ADDR that another took: it is used for a signal,
 * and what is held with it says nothing. */
void race__nesting_hand_on(uintptr_t addr);
bool race__nesting_is_handed_on(uintptr_t addr);

/* For a fork: the graph does not change. */
void race__nesting_hold(bool hold);

/* state/cycle.c, inside the graph: the shortest cycle that NEW, of EDGE, closes. */
void race__cycle_find(const struct race__lock_edge *edge,
                      const struct race__nesting *nesting, struct race__cycle *cycle);

#endif
