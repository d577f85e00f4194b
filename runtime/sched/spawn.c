/* Birth, yield and end of goroutines.
 *
 * A goroutine's arguments lie on its own stack, right below its struct g, so that a
 * spawn allocates nothing.  Ids come from one counter in batches, a batch a P. */
#include "base/panic.h"
#include "os/pages.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/policy.h"
#include "sched/procs.h"
#include "sched/sched.h"
#include "sched/stack.h"

#include <goc/go.h>
#include <string.h>

enum {
    ID_BATCH = 16,
    ARGUMENT_ALIGN = 64,        /* of the widest vector register */
    LARGE_ARGUMENTS = 4 * 1024, /* from here on they get a mapping of their own */
};

/* On the new goroutine's stack, right after the first switch to it.  goc-race knows the name
 * and leaves the frame out. */
static void goroutine_start(void)
{
    struct m *m = goc__m();
    goc__sched_arrive(m);
    struct g *g = m->g;
    *m->error_number = 0;
    goc__leave(m);
    g->entry(g->arguments);
    goc_exit();
}

static uint64_t new_id(struct p *p)
{
    if (UNLIKELY(p->next_id == p->end_id)) {
        p->next_id = goc__procs_ids(ID_BATCH);
        p->end_id = p->next_id + ID_BATCH;
    }
    return p->next_id++;
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
    char *top = g->stack_high;
    g->large_arguments = NULL;
    if (UNLIKELY(size > LARGE_ARGUMENTS)) {
        g->arguments = copy_large(g, arguments, size);
        return top;
    }
    top -= (size + ARGUMENT_ALIGN - 1) / ARGUMENT_ALIGN * ARGUMENT_ALIGN;
    g->arguments = top;
    if (size > 0)
        memcpy(top, arguments, size);
    return top;
}

/* A new goroutine that calls ENTRY with a copy of ARGS; P is the caller's. */
static struct g *make(struct p *p, void (*entry)(void *), const void *args, size_t size,
                      const void *pc)
{
    struct g *g = goc__stack_take(p);
    /* Before the arguments come: the copying is an access under ThreadSanitizer. */
    event_memory_new(g->stack_low, (size_t)(g->stack_high - g->stack_low), NULL, NULL);
    char *top = place_arguments(g, args, size);
    g->entry = entry;
    g->creator_pc = pc;
    store_relaxed(&g->id, new_id(p));
    goc__context_make(&g->context, top, goroutine_start);
    g->strand = event_strand_spawn(g->id, pc);
    goc__set_status(g, G_RUNNABLE);
    store_relaxed(&p->live, load_relaxed(&p->live) + 1);
    return g;
}

/* The same for a thread without a P. */
COLD static void go_from_thread(void (*entry)(void *), const void *args, size_t size,
                                const void *pc)
{
    struct p *p = goc__procs_lock_nursery();
    struct g *g = make(p, entry, args, size, pc);
    goc__procs_unlock_nursery();
    g->creator_id = 0;
    goc__idle_inject(g);
}

void goc_go(void (*entry)(void *args), const void *args, size_t size)
{
    const void *pc = __builtin_return_address(0);
    struct m *m = goc__enter();
    if (UNLIKELY(!goc__boot_started()))
        goc__boot_start();
    struct p *p = m->p;
    if (UNLIKELY(p == NULL)) {
        go_from_thread(entry, args, size, pc);
    } else {
        struct g *g = make(p, entry, args, size, pc);
        g->creator_id = m->g->id;
        goc__hand_over(p, goc__policy_add(p, g, POLICY_SPAWNED));
    }
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
    if (UNLIKELY(m->is_thread))
        end_thread(m);
    struct g *g = m->g;
    store_relaxed(&m->p->live, load_relaxed(&m->p->live) - 1);
    if (UNLIKELY(g->large_arguments != NULL))
        goc__pages_unmap(g->large_arguments, g->large_bytes);
    event_strand_end(g->strand);
    goc__sched_end(m);
}

int goc_num_goroutine(void)
{
    return (int)goc__procs_live();
}

uint64_t goc_goid(void)
{
    return goc__self()->id;
}
