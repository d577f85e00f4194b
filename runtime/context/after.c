/* goc_context_after_func: a goroutine that waits for the end of a context, or to be stopped.
 *
 * It waits from the start, because a context may be ended by a timer, which cannot start one.
 * STATE says who was first: the goroutine that begins F, or stop.
 */
#include "base/atomic.h"
#include "base/panic.h"
#include "context/context.h"
#include "events/events.h"

#include <goc/go.h>
#include <goc/select.h>
#include <stdlib.h>

enum { WAITING, BEGUN, STOPPED };

struct goc_context_after {
    uint32_t references;  // atomic: the goroutine's and the caller's
    uint32_t state;       // atomic
    goc_context *context; /* const: one reference of it */
    goc_chan *stop;       /* const: closed by who stops it */
    void (*f)(void *);    /* const */
    void *argument;       /* const */
};

/* relaxed: it says who was first and orders nothing; REFERENCES orders what becomes of AFTER. */
static bool win(goc_context_after *after, uint32_t state)
{
    uint32_t waiting = WAITING;
    return cas_relaxed(&after->state, &waiting, state);
}

static void release(goc_context_after *after)
{
    event_release_merge(&after->references);
    if (fetch_sub_acq_rel(&after->references, 1u) != 1)
        return;
    event_acquire(&after->references);
    goc_chan_free(after->stop);
    goc_context_release(after->context);
    event_internal_begin();
    free(after);
    event_internal_end();
}

struct call {
    goc_context_after *after;
};

static void wait_and_call(void *argument)
{
    goc_context_after *after = ((struct call *)argument)->after;
    struct goc_select_case cases[] = {
        {.chan = goc_context_done_chan(after->context), .op = GOC_SELECT_RECV},
        {.chan = after->stop, .op = GOC_SELECT_RECV},
    };
    bool ended = goc_select(cases, 2, false) == 0;
    void (*f)(void *) = ended && win(after, BEGUN) ? after->f : NULL;
    void *its_argument = after->argument;
    release(after);
    if (f)
        f(its_argument);
}

goc_context_after *goc_context_after_func(goc_context *context, void (*f)(void *argument),
                                          void *argument)
{
    if (f == NULL)
        goc__fatal("go of nil func value");
    event_internal_begin();
    goc_context_after *after = malloc(sizeof *after);
    event_internal_end();
    if (after == NULL)
        goc__fatal("runtime: out of memory for a context's function");
    *after = (goc_context_after){.references = 2,
                                 .context = goc_context_retain(context),
                                 .stop = goc_chan_make(0, 0),
                                 .f = f,
                                 .argument = argument};
    struct call call = {after};
    goc_go(wait_and_call, &call, sizeof call);
    return after;
}

bool goc_context_stop(goc_context_after *after)
{
    bool stopped = win(after, STOPPED);
    if (stopped)
        goc_chan_close(after->stop);
    release(after);
    return stopped;
}
