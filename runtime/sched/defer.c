#include "sched/defer.h"

#include "base/panic.h"
#include "events/events.h"
#include "sched/gmp.h"

#include <goc/defer.h>
#include <goc/go.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct defer) == sizeof(((struct goc_frame *)0)->link) &&
                   offsetof(struct goc_frame, link) == 0,
               "a frame begins with its record");

/* A call that a function has deferred. */
struct goc_deferred {
    struct goc_deferred *next; /* older */
    void (*entry)(void *saved);
    _Alignas(max_align_t) char saved[];
};

/* A deferred call that has begun, in the frame of who runs it. */
struct running {
    struct running *outer;
    struct goc_deferred *deferred;
    struct goc_frame *frame; /* whose call it is */
    struct panic *panic;     /* that runs it; NULL: a return or an exit */
    bool exits;              /* goc_exit runs it */
};

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

static void free_deferred(struct goc_deferred *deferred)
{
    event_internal_begin();
    free(deferred);
    event_internal_end();
}

/* R's call has returned, or never will. */
static void end_running(struct g *self, struct running *r)
{
    self->running = r->outer;
    free_deferred(r->deferred);
}

/* Run the youngest call of FRAME, which has one. */
static void run_call(struct g *self, struct goc_frame *frame, struct panic *panic,
                     bool exits)
{
    struct goc_deferred *deferred = frame->calls;
    struct running running = {.outer = self->running,
                              .deferred = deferred,
                              .frame = frame,
                              .panic = panic,
                              .exits = exits};
    frame->calls = deferred->next;
    self->running = &running;
    deferred->entry(deferred->saved);
    end_running(self, &running);
}

/* One step towards the end of SELF's list.  Returns the frame of which a call was run. */
static struct goc_frame *step(struct g *self, struct panic *panic, bool exits)
{
    struct defer *youngest = self->defers;
    struct goc_frame *frame = (struct goc_frame *)(void *)youngest;
    if (youngest->call == NULL && frame->calls != NULL) {
        run_call(self, frame, panic, exits);
        return frame;
    }
    self->defers = youngest->next;
    if (youngest->call != NULL)
        youngest->call(youngest);
    return NULL;
}

void goc__defer_run(void)
{
    struct g *self = goc__self();
    while (self->defers != NULL)
        step(self, NULL, true);
    while (self->running != NULL)
        end_running(self, self->running);
}

/* A call of FRAME has recovered: what runs below it is over.  An exit among that goes on. */
__attribute__((__noreturn__)) static void land(struct g *self, struct goc_frame *frame)
{
    bool exits = false;
    while (self->running != NULL && (char *)self->running < (char *)frame) {
        exits = exits || self->running->exits;
        end_running(self, self->running);
    }
    if (exits)
        goc_exit();
    longjmp(frame->land, 1);
}

void goc__panic_unwind(struct panic *panic)
{
    struct g *self = goc__self();
    const struct running *r = self->running;
    while (r != NULL && r->panic == NULL)
        r = r->outer;
    panic->outer = r != NULL ? r->panic : NULL;
    while (self->defers != NULL) {
        struct goc_frame *frame = step(self, panic, false);
        if (panic->recovered)
            land(self, frame);
    }
}

void goc_frame_enter(struct goc_frame *frame, void *result, size_t size)
{
    frame->calls = NULL;
    frame->result = result;
    if (result != NULL)
        memset(result, 0, size);
    goc__defer_push((struct defer *)(void *)frame, NULL);
}

void goc_frame_defer(struct goc_frame *frame, void (*entry)(void *saved),
                     const void *saved, size_t size)
{
    event_internal_begin();
    struct goc_deferred *deferred = malloc(sizeof *deferred + size);
    event_internal_end();
    if (deferred == NULL)
        goc__fatal("runtime: out of memory for a deferred call");
    deferred->entry = entry;
    if (size > 0)
        memcpy(deferred->saved, saved, size);
    deferred->next = frame->calls;
    frame->calls = deferred;
}

void goc_frame_leave(struct goc_frame *frame)
{
    struct g *self = goc__self();
    goc__assert((void *)self->defers == (void *)frame);
    while (frame->calls != NULL)
        run_call(self, frame, NULL, false);
    self->defers = self->defers->next;
}

const char *goc_recover(void)
{
    const struct running *r = goc__self()->running;
    if (r == NULL || r->panic == NULL || r->panic->recovered)
        return NULL;
    r->panic->recovered = true;
    return r->panic->message;
}

void *goc_result(void)
{
    const struct running *r = goc__self()->running;
    return r != NULL ? r->frame->result : NULL;
}

void goc_panic(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    goc__vpanic(format, &arguments);
}
