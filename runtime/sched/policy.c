#include "sched/policy.h"

struct g *goc__policy_look_around(struct p *p)
{
    if (load_relaxed(&p->tick) % LOOK_AROUND == 0) {
        struct g *g = goc__runq_take(p);
        if (g == NULL)
            g = goc__runq_pop(p);
        if (g != NULL)
            return g;
    }
    struct g *next = load_relaxed(&p->runnext);
    if (next != NULL) {
        store_relaxed(&p->runnext, (struct g *)NULL);
        return next;
    }
    struct g *g = goc__runq_pop(p);
    return g != NULL ? g : goc__runq_take(p);
}
