/* Birth, yield and end of goroutines.
 *
 * A goroutine begins as a record with its arguments (newborn.h), or, where these are long or
 * a race detector wants to know its stack, on a stack at once.  Its arguments lie on its own
 * stack, right below its struct g.  Ids come from one counter in batches, a batch a P. */
#include "sched/spawn.h"

#include "base/panic.h"
#include "os/pages.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/bubble.h"
#include "sched/claim.h"
#include "sched/defer.h"
#include "sched/fork.h"
#include "sched/history.h"
#include "sched/idle.h"
#include "sched/locked.h"
#include "sched/newborn.h"
#include "sched/policy.h"
#include "sched/procs.h"
#include "sched/reach.h"
#include "sched/sched.h"
#include "sched/small.h"
#include "sched/stack.h"

#include <goc/go.h>
#include <string.h>

enum {
    ID_BATCH = 16,
    ARGUMENT_ALIGN = 64,        /* of the widest vector register */
    LARGE_ARGUMENTS = 4 * 1024, /* from here on they get a mapping of their own */
};

_Static_assert(((int)NEWBORN_ARGUMENTS + ARGUMENT_ALIGN - 1) / ARGUMENT_ALIGN *
                       ARGUMENT_ALIGN <=
                   SMALL_ARGUMENT_BYTES,
               "a small stack has room for a newborn's arguments");

/* What M's goroutine leaves to do at its end. */
static void settle(struct m *m)
{
    struct g *g = m->g;
    if (UNLIKELY(g->bubble != NULL))
        goc__bubble_end(g);
    struct p *p = LIKELY(m->p != NULL) ? m->p : goc__procs_lock_nursery();
    store_relaxed(&p->live, load_relaxed(&p->live) - 1);
    if (UNLIKELY(m->p == NULL))
        goc__procs_unlock_nursery();
    if (UNLIKELY(g->large_arguments != NULL))
        goc__pages_unmap(g->large_arguments, g->large_bytes);
    event_strand_end(g->strand);
}

/* On a new goroutine's stack, right after the first switch to it; one goroutine after the
 * other, as long as the next to run has not begun either.  goc-race knows the name and leaves
 * the frame out. */
static void goroutine_start(void)
{
    struct m *m = goc__m();
    turn_taken(m->g); /* its stack may have been another's */
    goc__sched_arrive(m);
    for (;;) {
        struct g *g = m->g;
        *m->error_number = 0;
        goc__leave(m);
        g->entry(g->arguments);
        m = goc__enter(); /* perhaps another one */
        settle(m);
        if (UNLIKELY(m->is_thread))
            goc__locked_end(m);
        goc__sched_end(m, true);
    }
}

static uint64_t new_id(struct p *p)
{
    struct batch *batch = p->batch;
    if (UNLIKELY(batch->next_id == batch->end_id)) {
        goc__fork_check();
        batch->next_id = goc__procs_ids(ID_BATCH);
        batch->end_id = batch->next_id + ID_BATCH;
    }
    return batch->next_id++;
}

static char *copy_large(struct g *g, const void *arguments, size_t size)
{
    size_t bytes = (size + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES;
    if (goc__pages_map(bytes, &g->large_arguments) != 0)
        goc__fatal("runtime: cannot allocate memory for a goroutine's arguments");
    g->large_bytes = bytes;
    event_memory_new(g->large_arguments, bytes, NULL, NULL);
    return memcpy(g->large_arguments, arguments, size);
}

/* Put the arguments in place; returns the top of the stack below them. */
static char *place_arguments(struct g *g, const void *arguments, size_t size)
{
    g->large_arguments = NULL;
    bool large = UNLIKELY(size > LARGE_ARGUMENTS);
    /* Room for a newborn's, whatever the first goroutine on the stack has. */
    size_t room = size > NEWBORN_ARGUMENTS && !large ? size : NEWBORN_ARGUMENTS;
    char *top = g->stack_high;
    top -= (room + ARGUMENT_ALIGN - 1) / ARGUMENT_ALIGN * ARGUMENT_ALIGN;
    g->arguments = large ? copy_large(g, arguments, size) : top;
    if (size > 0 && !large)
        memcpy(top, arguments, size);
    return top;
}

/* On a stack of P's, a goroutine that calls ENTRY with a copy of ARGS.  SMALL: a small one will
 * do, if SIZE is no more than NEWBORN_ARGUMENTS. */
static struct g *stand_up(struct p *p, void (*entry)(void *), const void *args,
                          size_t size, bool small)
{
    struct g *g = UNLIKELY(small) ? goc__small_take(p) : NULL;
    if (g == NULL)
        g = goc__stack_take(p);
    /* Before the arguments come: the copying is an access under ThreadSanitizer. */
    event_memory_new(g->stack_low, (size_t)(g->stack_high - g->stack_low), NULL, NULL);
    char *top = place_arguments(g, args, size);
    g->entry = entry;
    goc__context_make(&g->context, top, goroutine_start);
    goc__set_status(g, G_RUNNABLE);
    return g;
}

/* N's beginning on the stack of HEIR, which may have had longer arguments. */
static void take_over(struct g *heir, const struct newborn *n)
{
    if (TOGGLE())
        goc__history_replaced(heir, load_relaxed(&n->id));
    event_memory_new(heir->stack_low, (size_t)(heir->stack_high - heir->stack_low), NULL,
                     NULL);
    heir->entry = n->entry;
    heir->large_arguments = NULL;
    heir->arguments = heir->stack_high - ARGUMENT_ALIGN;
    memcpy(heir->arguments, n->arguments, NEWBORN_ARGUMENTS);
    goc__set_status(heir, G_RUNNING);
}

struct g *goc__spawn_begin(struct p *p, const struct newborn *n, struct g *heir)
{
    struct g *g = heir;
    event_strand *strand = newborn_strand(n);
    event_strand *mine = event_strand_current();
    if (heir != NULL)
        turn_given(heir);        /* its stack, by the goroutine that has ended */
    event_strand_switch(strand); /* its stack is prepared in its own name */
    if (heir != NULL) {
        turn_taken(heir);
        take_over(heir, n);
    } else {
        g = stand_up(p, n->entry, n->arguments, n->argument_bytes, n->small);
        event_strand_switch(mine);
    }
    g->creator_pc = n->creator_pc;
    g->creator_id = n->creator_id;
    store_relaxed(&g->id, load_relaxed(&n->id));
    g->strand = strand;
    return g;
}

/* A new goroutine with a stack, in BUBBLE; P is the caller's. */
static struct g *make(struct p *p, void (*entry)(void *), const void *args, size_t size,
                      const void *pc, struct bubble *bubble)
{
    struct g *g = stand_up(p, entry, args, size, false);
    g->creator_pc = pc;
    store_relaxed(&g->id, new_id(p));
    g->strand = event_strand_spawn(g->id, pc);
    if (TOGGLE())
        goc__history_spawned(g->id, entry, pc);
    store_relaxed(&p->live, load_relaxed(&p->live) + 1);
    if (UNLIKELY(bubble != NULL))
        goc__bubble_join(bubble, g);
    return g;
}

/* A new goroutine without one, which G spawns on P, the caller's.
 * Returns  whether somebody else might take some of P's work. */
static inline bool conceive(struct p *p, const struct g *g, void (*entry)(void *),
                            const void *args, size_t size, const void *pc, bool small)
{
    struct newborn *n = goc__newborn_take(p);
    uint64_t id = new_id(p);
    n->argument_bytes = (uint16_t)size;
    n->small = small;
    if (size > 0) {
        event_internal_begin(); /* a record is nobody's memory */
        memcpy(n->arguments, args, size);
        event_internal_end();
    }
    newborn_set_strand(n, event_strand_spawn(id, pc));
    newborn_name(n, id, entry, g->id, pc);
    if (TOGGLE())
        goc__history_spawned(id, entry, pc);
    store_relaxed(&p->live, load_relaxed(&p->live) + 1);
    return goc__newborn_add(p, n);
}

/* The same for a thread without a P. */
COLD static void go_from_thread(void (*entry)(void *), const void *args, size_t size,
                                const void *pc)
{
    goc__fork_check(); /* before the lock, which the parent's other threads may have had */
    struct p *p = goc__procs_lock_nursery();
    const struct g *self = goc__m()->g;
    struct g *g = make(p, entry, args, size, pc, self->bubble);
    goc__procs_unlock_nursery();
    g->creator_id = self->id;
    goc__idle_inject(g);
}

/* The rest of a go statement by M's goroutine, in the runtime; out of it afterwards.  Twice in the
 * code, because it is what a go statement costs. */
static inline __attribute__((__always_inline__)) void spawn(struct m *m,
                                                            void (*entry)(void *),
                                                            const void *args, size_t size,
                                                            const void *pc, bool small)
{
    struct p *p = m->p;
    if (UNLIKELY(p == NULL)) {
        go_from_thread(entry, args, size, pc);
    } else if (LIKELY(size <= NEWBORN_ARGUMENTS && m->g->bubble == NULL)) {
        goc__hand_over(p, conceive(p, m->g, entry, args, size, pc, small));
    } else {
        struct g *g = make(p, entry, args, size, pc, m->g->bubble);
        g->creator_id = m->g->id;
        goc__hand_over(p, goc__policy_add(p, g, POLICY_SPAWNED));
    }
    goc__leave(m);
}

COLD __attribute__((__noreturn__)) static void go_of_nothing(void)
{
    goc__fatal("go of nil func value");
}

void (*goc_go_callee(void (*f)(void)))(void)
{
    if (UNLIKELY(f == NULL))
        go_of_nothing();
    return f;
}

void goc_go(void (*entry)(void *args), const void *args, size_t size)
{
    const void *pc = __builtin_return_address(0);
    if (UNLIKELY(entry == NULL))
        go_of_nothing();
    struct m *m = goc__enter();
    if (UNLIKELY(!goc__boot_started()))
        goc__boot_start();
    spawn(m, entry, args, size, pc, false);
}

void goc_go_reaching(struct goc_reach *reach, const void *args, size_t size)
{
    const void *pc = __builtin_return_address(0);
    struct m *m = goc__enter();
    uint64_t verdict = load_relaxed(&reach->verdict);
    if (UNLIKELY(verdict < REACH_WHOLE)) /* perhaps the first go statement of all */
        verdict = reach->decide(reach, m);
    spawn(m, reach->entry, args, size, pc, verdict == REACH_SMALL);
}

void goc__spawn_after(const void *object, void (*entry)(void *), const void *args,
                      size_t size, const struct spawn_origin *origin)
{
    struct m *m = goc__enter();
    bool elsewhere = m->p == NULL;
    struct p *p = elsewhere ? goc__procs_lock_nursery() : m->p;
    struct g *g = make(p, entry, args, size, origin->pc, origin->bubble);
    if (elsewhere)
        goc__procs_unlock_nursery();
    g->creator_id = origin->goid;
    event_exchange(object, goc__own_event(g));
    if (elsewhere)
        goc__idle_inject(g);
    else
        goc__hand_over(p, goc__policy_add(p, g, POLICY_SPAWNED));
    goc__leave(m);
}

void goc_yield(void)
{
    struct m *m = goc__enter();
    if (UNLIKELY(m->is_thread)) {
        goc__leave(m);
        goc__thread_yield();
        return;
    }
    goc__sched_yield(m);
    goc__leave(goc__m());
}

static void end_thread(struct m *m)
{
    goc__leave(m);
    goc__fatal("goc_exit on a thread that is no goroutine");
}

void goc_exit(void)
{
    struct m *m = goc__enter();
    if (UNLIKELY(m->g == NULL || m->g->kind == G_THREAD))
        end_thread(m);
    if (UNLIKELY(m->g->defers != NULL || m->g->running != NULL)) {
        goc__leave(m);
        goc__defer_run();
        m = goc__enter();
    }
    settle(m);
    if (UNLIKELY(m->is_thread))
        goc__locked_end(m);
    goc__sched_end(m, false);
    __builtin_unreachable();
}

int goc_num_goroutine(void)
{
    return (int)goc__procs_live();
}

uint64_t goc_goid(void)
{
    return goc__self()->id;
}
