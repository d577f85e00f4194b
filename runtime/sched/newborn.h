/* Goroutines that have not begun: a record each, and no stack.
 *
 * A go statement makes a record of two cache lines.  The stack comes when the goroutine first
 * runs; most often it is one that another has just left, and still in the cache.
 *
 * Order.  Those that one goroutine has spawned on a P are a family, served first come first.
 * A P's families are a stack: the goroutine that spawned last has its family served first.
 * So a loop that spawns is served in order, and a tree of goroutines is walked depth first,
 * which keeps as many stacks in use as the tree is deep times wide, not as it has leaves
 * (Blumofe and Leiserson, "Scheduling Multithreaded Computations by Work Stealing", JACM
 * 1999).  Who steals or is given some takes from the oldest family, the nearest to the root.
 * Between a newborn and a goroutine in the ring the older one goes first, by their stamps; but
 * one that needs fresh memory lets more of the ring go first, which may end and leave theirs.
 *
 * Invariants
 *   A record waits in one family, or in the global list, or is free, or belongs to whoever
 *   makes or starts it.  A waiting one has its id; a free one has the id 0.
 *   The links last, older, younger and count are those of the family's first record.
 *   Families and the free list are the P's owner's, the global list is the sched lock's.
 *
 * A dump reads records that others use.  An id is never given twice, so what was read between two
 * looks at one id, both not 0, was written for it: the id comes after the rest, by its release,
 * and each of the rest after the 0 of the one before, by its own.
 */
#ifndef GOC_SCHED_NEWBORN_H
#define GOC_SCHED_NEWBORN_H

#include "sched/gmp.h"

/* Where a detector listens, a record has its goroutine's strand and room for less. */
#ifdef GOC_RACE
#define NEWBORN_STRANDS 1
#else
#define NEWBORN_STRANDS 0
#endif

enum {
    NEWBORN_BYTES = 128,
    /* Longer arguments make a goroutine take its stack at once. */
    NEWBORN_ARGUMENTS = 48 - NEWBORN_STRANDS * 8,
    NEWBORN_DEAR = RUNQ_CAPACITY / 4,
};

struct newborn {
    struct newborn *next;    /* younger sibling; or link in a free list */
    struct newborn *last;    /* first of a family: the youngest sibling */
    struct newborn *older;   /* first of a family: the next older family */
    struct newborn *younger; /* first of a family: the next younger family */
    uint32_t count;          /* first of a family: how many siblings, itself included */
    uint32_t stamp;          /* when it came to its P, by p->stamp */
    uint64_t id;             // atomic, release by who makes it: 0 in a free record
    uint64_t creator_id;     // atomic for dumps, likewise
    const void *creator_pc;  // atomic for dumps, likewise
    void (*entry)(void *);   // atomic for dumps, likewise
    uint16_t argument_bytes;
    bool small; /* it may run on a small stack (small.h) */
    _Alignas(8) unsigned char arguments[NEWBORN_ARGUMENTS];
    event_strand *strand[NEWBORN_STRANDS];
};

_Static_assert(sizeof(struct newborn) == NEWBORN_BYTES, "two cache lines");

static inline event_strand *newborn_strand(const struct newborn *n)
{
    return NEWBORN_STRANDS > 0 ? n->strand[0] : NULL;
}

static inline void newborn_set_strand(struct newborn *n, event_strand *strand)
{
    if (NEWBORN_STRANDS > 0)
        n->strand[0] = strand;
}

/* N, the caller's, gets what dumps tell of it, and its ID. */
static inline void newborn_name(struct newborn *n, uint64_t id, void (*entry)(void *),
                                uint64_t creator_id, const void *creator_pc)
{
    store_release(&n->entry, entry);
    store_release(&n->creator_id, creator_id);
    store_release(&n->creator_pc, creator_pc);
    store_release(&n->id, id);
}

/* A free record for the owner of P.  Dies where memory is out. */
struct newborn *goc__newborn_take(struct p *p);

/* N, complete but for its links and stamp, waits on P, the caller's.
 * Returns  true when P already had one waiting: somebody else might take some. */
bool goc__newborn_add(struct p *p, struct newborn *n);

/* The next of P, the caller's, which has one, becomes runnable, on a stack of its own; or, if
 * HEIR is a goroutine at its end and not NULL, running, in its place and on its stack, unless
 * that is too small for it.  Returns  its struct g: HEIR's, if it runs there. */
struct g *goc__newborn_start(struct p *p, struct g *heir);

/* The same for the first of P's oldest family. */
struct g *goc__newborn_start_oldest(struct p *p);

/* Move some of FROM's oldest family to TO, which has none; the caller owns both.  Returns
 * how many. */
uint32_t goc__newborn_steal(struct p *to, struct p *from);

/* Move some of P's oldest family, or all that P has, to the global list; or some of the
 * global list to P.  Under goc__sched.lock. */
void goc__newborn_share(struct p *p);
void goc__newborn_drain(struct p *p);
void goc__newborn_adopt(struct p *p);

/* Where all records are, for a debugger: chunks of chunk_records each. */
struct newborn_map {
    struct newborn *const *chunks;
    const uint32_t *chunk_count;
    uint32_t chunk_records;
};

extern const struct newborn_map goc__newborn_map;

/* Call VISIT for each that waits, by a struct g that lasts for the call and has no stack. */
void goc__newborn_each(void (*visit)(struct g *g, void *argument), void *argument);

/* Would P's next newborn take fresh memory while many of the ring, who have theirs, wait to give it
 * back?  Then they come first, three times out of four. */
static inline bool goc__newborn_is_dear(const struct p *p, uint32_t waiting)
{
    return waiting >= NEWBORN_DEAR && p->free_count == 0 && !p->youngest->small &&
           load_relaxed(&p->tick) % 4 != 0;
}

/* Is it the turn of P's next newborn, before that of its ring's oldest? */
static inline bool goc__newborn_is_due(const struct p *p)
{
    if (load_relaxed(&p->newborn_count) == 0)
        return false;
    uint32_t head = load_relaxed(&p->head);
    uint32_t waiting = load_relaxed(&p->tail) - head;
    if (waiting == 0)
        return true;
    return (int32_t)(p->youngest->stamp - p->stamps[head % RUNQ_CAPACITY]) < 0 &&
           !goc__newborn_is_dear(p, waiting);
}

#endif
