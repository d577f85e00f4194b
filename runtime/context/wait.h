/* The limit of a wait that is a context. */
#ifndef GOC_CONTEXT_WAIT_H
#define GOC_CONTEXT_WAIT_H

#include "context/context.h"
#include "sched/limit.h"

struct context_limit {
    struct limit limit;
    struct list link;    /* source's lock */
    goc_context *source; /* const: what can end; NULL: nothing */
};

#endif
