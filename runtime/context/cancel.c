/* How contexts end. */
#include "base/atomic.h"
#include "base/panic.h"
#include "context/context.h"
#include "context/wait.h"
#include "events/events.h"
#include "os/error.h"

#include <stddef.h>

/* Those below CONTEXT have their end ahead of them: move them, pinned, to the list at *NEXT. */
static void pin_children(goc_context *context, goc_context **next)
{
    struct list *link;
    while ((link = list_pop_front(&context->children)) != NULL) {
        goc_context *child = LIST_OBJECT(link, goc_context, link);
        fetch_add_relaxed(&child->pins, 1u);
        child->next = *next;
        *next = child;
    }
}

static void reach_limits(goc_context *context)
{
    struct list *link;
    while ((link = list_pop_front(&context->limits)) != NULL)
        goc__limit_reach(&LIST_OBJECT(link, struct context_limit, link)->limit);
}

/* End CONTEXT alone; those below it go to the list at *NEXT. */
static void end_one(goc_context *context, int err, int cause, goc_context **next)
{
    goc__lock(&context->lock);
    bool ended = context->err != 0;
    if (!ended) {
        event_acquire(&context->children); /* their births, before the closes */
        event_release(&context->err);
        context->cause = cause;
        store_release(&context->err, err);
        pin_children(context, next);
        reach_limits(context);
    }
    goc__unlock(&context->lock);
    if (!ended)
        goc_chan_close(context->done);
}

static void end_all(goc_context *context, int err, int cause, bool from_timer)
{
    goc_context *next = NULL;
    end_one(context, err, cause, &next);
    while (next != NULL) {
        goc_context *child = next;
        next = child->next;
        end_one(child, err, cause, &next);
        if (!from_timer)
            goc__timer_stop(&child->timer);
        event_release_merge(&child->references);
        fetch_sub_release(&child->pins, 1u); /* pairs with who waits for no pins */
    }
}

void goc__context_end(goc_context *context, int err, int cause, bool from_timer)
{
    if (from_timer) { /* on whichever thread noticed: nobody of the program's */
        event_internal_begin();
        end_all(context, err, cause, true);
        event_internal_end();
        return;
    }
    end_all(context, err, cause, false);
    goc__timer_stop(&context->timer);
}

void goc_context_cancel_cause(goc_context *context, int cause)
{
    if (context->kind != KIND_CANCEL)
        goc__panic("context: cancel of a context that has no cancel");
    goc__context_end(context, -ECANCELED, cause != 0 ? cause : -ECANCELED, false);
}

void goc_context_cancel(goc_context *context)
{
    goc_context_cancel_cause(context, -ECANCELED);
}
