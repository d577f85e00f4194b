#include "sched/runq.h"

#include "base/panic.h"
#include "sched/newborn.h"
#include "sched/sched.h"

/* The COUNT oldest of P's ring become a list. */
static void unlink_oldest(struct p *p, uint32_t count, struct g **first, struct g **last)
{
    uint32_t head = load_relaxed(&p->head);
    *first = p->ring[head % RUNQ_CAPACITY];
    *last = *first;
    for (uint32_t i = 1; i < count; i++) {
        struct g *g = p->ring[(head + i) % RUNQ_CAPACITY];
        (*last)->next = g;
        *last = g;
    }
    (*last)->next = NULL;
    store_relaxed(&p->head, head + count);
}

/* Under goc__sched.lock. */
static void append_list(struct g *first, struct g *last, uint32_t count)
{
    if (goc__sched.queue_last != NULL)
        goc__sched.queue_last->next = first;
    else
        goc__sched.queue_first = first;
    goc__sched.queue_last = last;
    store_relaxed(&goc__sched.queued, load_relaxed(&goc__sched.queued) + count);
}

static void move_oldest(struct p *p, uint32_t count)
{
    struct g *first;
    struct g *last;
    unlink_oldest(p, count, &first, &last);
    append_list(first, last, count);
}

void goc__runq_overflow(struct p *p, struct g *g)
{
    uint32_t length = goc__runq_length(p);
    goc__assert(length == RUNQ_CAPACITY);
    goc__lock(&goc__sched.lock);
    move_oldest(p, length / 2);
    goc__runq_append(g);
    goc__unlock(&goc__sched.lock);
}

uint32_t goc__runq_steal(struct p *to, struct p *from)
{
    uint32_t newborns = goc__newborn_steal(to, from);
    if (newborns > 0)
        return newborns;
    uint32_t length = goc__runq_length(from);
    uint32_t count = length - length / 2;
    uint32_t head = load_relaxed(&from->head);
    uint32_t tail = load_relaxed(&to->tail);
    goc__assert(goc__runq_length(to) == 0);
    struct g *next = load_relaxed(&from->runnext);
    if (length == 0 && next != NULL) {
        store_relaxed(&from->runnext, (struct g *)NULL);
        goc__runq_push(to, next);
        return 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        to->ring[(tail + i) % RUNQ_CAPACITY] = from->ring[(head + i) % RUNQ_CAPACITY];
        to->stamps[(tail + i) % RUNQ_CAPACITY] = to->stamp++;
    }
    store_relaxed(&from->head, head + count);
    store_relaxed(&to->tail, tail + count);
    return count;
}

void goc__runq_share(struct p *p)
{
    uint32_t count = goc__runq_length(p) / 2;
    bool newborns = load_relaxed(&p->newborn_count) > 1;
    if (count == 0 && !newborns)
        return;
    goc__lock(&goc__sched.lock);
    if (newborns)
        goc__newborn_share(p);
    else
        move_oldest(p, count);
    goc__unlock(&goc__sched.lock);
}

void goc__runq_drain(struct p *p)
{
    uint32_t count = goc__runq_length(p);
    if (count > 0)
        move_oldest(p, count);
    goc__newborn_drain(p);
    struct g *next = load_relaxed(&p->runnext);
    if (next == NULL)
        return;
    store_relaxed(&p->runnext, (struct g *)NULL);
    goc__runq_append(next);
}

void goc__runq_append(struct g *g)
{
    g->next = NULL;
    append_list(g, g, 1);
}

struct g *goc__runq_take(struct p *p)
{
    if (load_relaxed(&goc__sched.queued) == 0)
        return NULL;
    goc__lock(&goc__sched.lock);
    goc__newborn_adopt(p);
    uint32_t newborns = goc__sched.newborns;
    uint32_t queued = load_relaxed(&goc__sched.queued) - newborns;
    uint32_t room = RUNQ_CAPACITY - goc__runq_length(p);
    uint32_t count = queued / load_relaxed(&goc__sched.limit) + 1;
    if (count > room + 1)
        count = room + 1;
    if (count > RUNQ_CAPACITY / 2)
        count = RUNQ_CAPACITY / 2;
    if (count > queued)
        count = queued;
    struct g *first = goc__sched.queue_first;
    uint32_t tail = load_relaxed(&p->tail);
    struct g *g = first;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            p->stamps[tail % RUNQ_CAPACITY] = p->stamp++;
            p->ring[tail++ % RUNQ_CAPACITY] = g;
        }
        g = g->next;
    }
    goc__sched.queue_first = g;
    if (g == NULL)
        goc__sched.queue_last = NULL;
    store_relaxed(&p->tail, tail);
    store_relaxed(&goc__sched.queued, queued + newborns - count);
    goc__unlock(&goc__sched.lock);
    return count > 0 ? first : NULL;
}
