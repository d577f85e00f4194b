#include "sched/policy.h"

/* The oldest that P has, of the ring or of the newborns; NULL: it has neither. */
static struct g *take_oldest(struct p *p)
{
    uint32_t head = load_relaxed(&p->head);
    bool ring = head != load_relaxed(&p->tail);
    if (load_relaxed(&p->newborn_count) == 0)
        return ring ? goc__runq_pop(p) : NULL;
    uint32_t stamp = p->stamps[head % RUNQ_CAPACITY];
    if (!ring || (int32_t)(p->oldest->stamp - stamp) < 0)
        return goc__newborn_start_oldest(p);
    return goc__runq_pop(p);
}

struct g *goc__policy_look_around(struct p *p)
{
    if (load_relaxed(&p->tick) % LOOK_AROUND == 0) {
        struct g *g = goc__runq_take(p);
        if (g == NULL)
            g = take_oldest(p);
        if (g != NULL)
            return g;
    }
    struct g *next = load_relaxed(&p->runnext);
    if (next != NULL) {
        store_relaxed(&p->runnext, (struct g *)NULL);
        return next;
    }
    if (goc__newborn_is_due(p))
        return goc__newborn_start(p, NULL);
    struct g *g = goc__runq_pop(p);
    if (g == NULL)
        g = goc__runq_take(p);
    return g != NULL ? g : take_oldest(p);
}
