/* The run queues: a ring of 256 in each P, and one global list that takes what overflows.
 *
 * The ring belongs to the P's owner (gmp.h) and is plain memory; its indices are atomic only
 * so that others may look whether there is work.  head and tail count up without wrapping
 * to the capacity; the ring holds head … tail-1, so tail - head is its length.
 */
#ifndef GOC_SCHED_RUNQ_H
#define GOC_SCHED_RUNQ_H

#include "sched/gmp.h"

static inline uint32_t goc__runq_length(const struct p *p)
{
    return load_relaxed(&p->tail) - load_relaxed(&p->head);
}

/* Move the older half of P's full ring, and then G, to the global queue. */
void goc__runq_overflow(struct p *p, struct g *g);

static inline void goc__runq_push(struct p *p, struct g *g)
{
    uint32_t tail = load_relaxed(&p->tail);
    if (UNLIKELY(tail - load_relaxed(&p->head) == RUNQ_CAPACITY)) {
        goc__runq_overflow(p, g);
        return;
    }
    p->ring[tail % RUNQ_CAPACITY] = g;
    p->stamps[tail % RUNQ_CAPACITY] = p->stamp++;
    store_relaxed(&p->tail, tail + 1);
}

/* The oldest of P's ring, or NULL. */
static inline struct g *goc__runq_pop(struct p *p)
{
    uint32_t head = load_relaxed(&p->head);
    if (head == load_relaxed(&p->tail))
        return NULL;
    store_relaxed(&p->head, head + 1);
    return p->ring[head % RUNQ_CAPACITY];
}

/* Move some of FROM's newborns, or else the older half of its ring, rounded up, or else its
 * runnext, to TO, which has neither; the caller owns both.  Returns how many. */
uint32_t goc__runq_steal(struct p *to, struct p *from);

/* Move some of P's newborns, or else the older half of its ring, rounded down, to the global
 * list or queue. */
void goc__runq_share(struct p *p);

/* Move all of P's, its newborns and its runnext too, to the global list and queue.  Under
 * goc__sched.lock. */
void goc__runq_drain(struct p *p);

/* Append G to the global queue.  Under goc__sched.lock. */
void goc__runq_append(struct g *g);

/* Take P's fair part of the global queue: the first is returned, the others fill P's ring.
 * NULL when the queue is empty.  Some of the global list of newborns come to P as well.
 * Takes goc__sched.lock. */
struct g *goc__runq_take(struct p *p);

#endif
