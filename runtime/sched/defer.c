#include "sched/defer.h"

#include "base/panic.h"
#include "sched/gmp.h"

void goc__defer_push(struct defer *defer, void (*call)(struct defer *self))
{
    struct g *self = goc__self();
    defer->call = call;
    defer->next = self->defers;
    self->defers = defer;
}

void goc__defer_pop(struct defer *defer)
{
    struct g *self = goc__self();
    goc__assert(self->defers == defer);
    self->defers = defer->next;
}

void goc__defer_run(void)
{
    struct g *self = goc__self();
    while (self->defers != NULL) {
        struct defer *youngest = self->defers;
        self->defers = youngest->next;
        youngest->call(youngest);
    }
}
