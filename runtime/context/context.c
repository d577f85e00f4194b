/* Contexts: birth, references, what can be asked. */
#include "context/context.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "chan/chan.h"
#include "events/events.h"
#include "os/error.h"
#include "sched/bubble.h"

#include <goc/go.h>
#include <stdlib.h>

static goc_context background = {.kind = KIND_BACKGROUND};

goc_context *goc_context_background(void)
{
    return &background;
}

goc_context *goc_context_retain(goc_context *context)
{
    if (context->kind != KIND_BACKGROUND)
        fetch_add_relaxed(&context->references, 1u);
    return context;
}

static goc_context *new_context(goc_context *parent, enum context_kind kind)
{
    if (parent == NULL)
        goc__panic("cannot create context from nil parent");
    event_internal_begin();
    goc_context *context = malloc(sizeof *context);
    event_internal_end();
    if (context == NULL)
        goc__fatal("runtime: out of memory for a context");
    *context = (goc_context){.kind = kind,
                             .references = 1,
                             .parent = goc_context_retain(parent),
                             .source = parent->source,
                             .deadline = TIMER_NEVER};
    return context;
}

/* CHILD, newly made, ends with SOURCE from now on, or has ended with it. */
static void join(goc_context *source, goc_context *child)
{
    event_release_merge(&source->children);
    goc__lock(&source->lock);
    int err = load_relaxed(&source->err);
    int cause = source->cause;
    if (err == 0)
        list_push_back(&source->children, &child->link);
    goc__unlock(&source->lock);
    if (err != 0) {
        event_acquire(&source->err);
        goc__context_end(child, err, cause, false);
    }
}

/* Under the lock of a heap of timers. */
static void fire(struct timer *timer, int64_t now)
{
    (void)now;
    goc_context *context = LIST_OBJECT(timer, goc_context, timer);
    goc__context_end(context, -ETIMEDOUT, context->timeout_cause, true);
}

/* One that can end, at DEADLINE at the latest. */
static goc_context *new_cancel(goc_context *parent, int64_t deadline, int timeout_cause,
                               const void *pc)
{
    goc_context *context = new_context(parent, KIND_CANCEL);
    goc_context *above = context->source;
    context->source = context;
    context->done = goc__chan_new(sizeof(char), 0, pc);
    context->timeout_cause = timeout_cause;
    context->deadline = above && above->deadline < deadline ? above->deadline : deadline;
    list_init(&context->children);
    list_init(&context->limits);
    list_init(&context->link);
    goc__timer_init(&context->timer, fire);
    /* For a timer, which is nobody: what came before this is before what it ends. */
    event_release(&context->err);
    event_release(&context->done->closed);
    if (above)
        join(above, context);
    return context;
}

goc_context *goc_context_with_cancel(goc_context *parent)
{
    return new_cancel(parent, TIMER_NEVER, 0, EVENT_CALLER_PC());
}

static goc_context *new_deadline(goc_context *parent, int64_t deadline, int cause,
                                 const void *pc)
{
    goc_context *context = new_cancel(parent, deadline, cause, pc);
    if (context->deadline < deadline || deadline == TIMER_NEVER)
        return context; /* the one above ends first */
    if (deadline <= goc__bubble_now())
        goc__context_end(context, -ETIMEDOUT, cause, false);
    else if (load_relaxed(&context->err) == 0)
        goc__timer_start(&context->timer, deadline);
    return context;
}

goc_context *goc_context_with_deadline(goc_context *parent, goc_time deadline)
{
    return new_deadline(parent, deadline, -ETIMEDOUT, EVENT_CALLER_PC());
}

goc_context *goc_context_with_deadline_cause(goc_context *parent, goc_time deadline,
                                             int cause)
{
    return new_deadline(parent, deadline, cause != 0 ? cause : -ETIMEDOUT,
                        EVENT_CALLER_PC());
}

goc_context *goc_context_with_timeout(goc_context *parent, goc_duration timeout)
{
    const void *pc = EVENT_CALLER_PC();
    int64_t deadline;
    if (__builtin_add_overflow(goc__bubble_now(), timeout, &deadline))
        deadline = timeout < 0 ? 0 : TIMER_NEVER;
    return new_deadline(parent, deadline, -ETIMEDOUT, pc);
}

goc_context *goc_context_with_value(goc_context *parent, const void *key, void *value,
                                    void (*drop)(void *value))
{
    if (key == NULL)
        goc__panic("nil key");
    goc_context *context = new_context(parent, KIND_VALUE);
    context->key = key;
    context->value = value;
    context->drop = drop;
    return context;
}

goc_context *goc_context_without_cancel(goc_context *parent)
{
    goc_context *context = new_context(parent, KIND_WITHOUT_CANCEL);
    context->source = NULL;
    return context;
}

/* The last reference to CONTEXT, which can end, is gone: nobody below it is left. */
static void retire(goc_context *context)
{
    goc_context *above = context->parent->source;
    if (above) {
        goc__lock(&above->lock);
        list_remove(&context->link);
        goc__unlock(&above->lock);
    }
    while (load_acquire(&context->pins) != 0) /* pairs with the unpin of who ends it */
        goc_yield();
    event_acquire(&context->references);
    goc__timer_stop(&context->timer);
    goc_chan_free(context->done);
}

/* Returns whether it was the last. */
static bool drop_reference(goc_context *context)
{
    if (context == NULL || context->kind == KIND_BACKGROUND)
        return false;
    event_release_merge(&context->references);
    if (fetch_sub_acq_rel(&context->references, 1u) != 1)
        return false;
    event_acquire(&context->references);
    return true;
}

void goc_context_release(goc_context *context)
{
    while (drop_reference(context)) {
        goc_context *parent = context->parent;
        if (context->kind == KIND_CANCEL)
            retire(context);
        if (context->drop)
            context->drop(context->value);
        event_internal_begin();
        free(context);
        event_internal_end();
        context = parent;
    }
}

int goc_context_err(const goc_context *context)
{
    const goc_context *source = context->source;
    int err = source ? load_acquire(&source->err) : 0; /* pairs with goc__context_end */
    if (err != 0)
        event_acquire(&source->err);
    return err;
}

int goc_context_cause(const goc_context *context)
{
    return goc_context_err(context) ? context->source->cause : 0;
}

goc_chan *goc_context_done_chan(const goc_context *context)
{
    return context->source ? context->source->done : NULL;
}

bool goc_context_deadline(const goc_context *context, goc_time *deadline)
{
    if (context->source == NULL || context->source->deadline == TIMER_NEVER)
        return false;
    *deadline = context->source->deadline;
    return true;
}

void *goc_context_value(const goc_context *context, const void *key)
{
    for (; context; context = context->parent) {
        if (context->kind == KIND_VALUE && context->key == key)
            return context->value;
    }
    return NULL;
}
