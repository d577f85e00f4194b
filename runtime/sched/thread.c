#include "sched/thread.h"

#include "base/panic.h"
#include "base/start.h"
#include "os/futex.h"
#include "os/pages.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/fork.h"
#include "sched/history.h"
#include "sched/sched.h"
#include "sched/step.h"

#include <goc/go.h>
#include <pthread.h>

/* What a plain thread needs; stays mapped, for whoever looks late. */
struct guest {
    struct m m;
    struct g g;
};

AT_START static struct {
    uint32_t last_id; // atomic
    uint64_t parked;  // atomic: how many are, and above that how often that has changed
    int sanitizers; /* const after start: threads that are neither ours nor the program's */
    pthread_key_t
        key; /* const after start: of each M's thread the M; who_ends is its destructor */
    struct lock lock;
    struct m *free; /* lock: guests of ended threads, linked by next */
} threads;

/* The parts of threads.parked.  Raised by the thread that parks; lowered by who readies it,
 * before it is woken. */
#define PARKED_CHANGE (UINT64_C(1) << 32)

static void count_parked(int by)
{
    fetch_add_release(&threads.parked, PARKED_CHANGE + (uint64_t)(int64_t)by);
}

/* A thread ends: back to the stub.  Should another destructor use the runtime after this
 * one, the thread is adopted again, and pthreads call this again. */
static void give_back(struct guest *guest)
{
    goc__set_status(&guest->g, G_NONE);
    /* Another thread may have the guest before the unlock has left the runtime. */
    struct m passing = {.depth = 0, .is_thread = true};
    goc__m_local = &passing;
    goc__lock(&threads.lock);
    guest->m.next = threads.free;
    threads.free = &guest->m;
    goc__unlock(&threads.lock);
    goc__m_local = goc__claim_stub();
}

/* A goroutine's thread ends under it: the stack of goroutine 1 or of a scheduler is overwritten by
 * now.  But main has the right to do that, and its own stack needs nobody then. */
static void end_goroutine(struct g *g)
{
    if (!goc__boot_started() || goc__fork_is_child())
        return;
    if (g->kind != G_MAIN)
        goc__fatalf("goroutine %lu ended its thread, by pthread_exit or pthread_cancel; "
                    "goc_exit ends a goroutine",
                    (unsigned long)load_relaxed(&g->id));
    g->defers = NULL;
    g->running = NULL;
    goc_exit();
}

static void who_ends(void *argument)
{
    struct m *m = argument;
    if (m->g->kind == G_THREAD)
        give_back(LIST_OBJECT(m, struct guest, m));
    else
        end_goroutine(m->g);
}

void goc__thread_setup(void)
{
    if (pthread_key_create(&threads.key, who_ends) != 0)
        goc__throw("no thread-specific key is left");
}

void goc__thread_watch_end(struct m *m)
{
    pthread_setspecific(threads.key, m);
}

#if defined(GOC_RACE) || defined(GOC_THREAD_VIEW)
static int count_before;

void goc__thread_count_begin(void)
{
    count_before = goc__thread_count();
    event_internal_begin();
}

void goc__thread_count_end(int ours)
{
    event_internal_end();
    int made = goc__thread_count() - count_before - ours;
    threads.sanitizers = made > 0 ? made : 0;
}
#else
void goc__thread_count_begin(void) {}

void goc__thread_count_end(int ours)
{
    (void)ours;
}
#endif

uint32_t goc__thread_new_id(void)
{
    return fetch_add_relaxed(&threads.last_id, 1u) + 1;
}

void goc__thread_become(struct m *m)
{
    m->error_number = goc__thread_errno();
    list_init(&m->idle_link);
    goc__m_local = m;
    store_relaxed(&m->tid, goc__thread_id());
}

static struct guest *take_guest(void)
{
    goc__lock(&threads.lock);
    struct m *m = threads.free;
    if (m != NULL)
        threads.free = m->next;
    goc__unlock(&threads.lock);
    if (m != NULL)
        return LIST_OBJECT(m, struct guest, m);
    struct guest *guest = goc__pages_permanent(sizeof *guest);
    if (guest == NULL)
        goc__fatal("runtime: cannot allocate memory for a thread");
    guest->m.id = goc__thread_new_id();
    guest->m.is_thread = true;
    guest->m.g = &guest->g;
    guest->g.kind = G_THREAD;
    guest->g.on_thread = true;
    return guest;
}

struct m *goc__thread_adopt(void)
{
    goc__boot();
    if (goc__m() != goc__claim_stub()) /* the boot made this thread the first M */
        return goc__enter();
    /* Until the guest is there, locks need an M of the thread's own. */
    struct m passing = {.depth = 1, .is_thread = true};
    goc__m_local = &passing;
    struct guest *guest = take_guest();
    guest->m.depth = 1;
    goc__thread_become(&guest->m);
    goc__set_status(&guest->g, G_RUNNING);
    goc__thread_watch_end(&guest->m);
    return &guest->m;
}

struct g *goc__thread_g(void)
{
    struct m *m = goc__enter();
    struct g *g = m->g;
    goc__leave(m);
    return g;
}

void goc__thread_park(struct g *g, bool (*unlock)(void *lock), void *lock)
{
    count_parked(1);
    if (TOGGLE())
        goc__history_left(goc__m(), g, NULL);
    if (unlock != NULL && !unlock(lock)) {
        count_parked(-1);
        goc__set_status(g, G_RUNNING);
        if (TOGGLE())
            goc__history_runs(goc__m(), g);
        return;
    }
    bool loops = goc__step_is(g);
    if (loops)
        goc__step_lend();
    while (load_acquire(&g->wake) == 0)
        goc__futex_wait(&g->wake, 0, FUTEX_NO_DEADLINE);
    store_relaxed(&g->wake, 0u);
    if (loops)
        goc__step_lent();
    goc__set_status(g, G_RUNNING);
    if (TOGGLE())
        goc__history_runs(goc__m(), g);
}

void goc__thread_ready(struct g *g)
{
    count_parked(-1);
    store_release(&g->wake, 1u);
    goc__futex_wake(&g->wake, 1);
}

int32_t goc__thread_tid(const struct g *g)
{
    const struct guest *guest = LIST_OBJECT(g, struct guest, g);
    return load_relaxed(&guest->m.tid);
}

/* Parked threads and all threads cannot be counted at one moment.  But where none has parked
 * or been readied in between, the parked ones were the same when the kernel counted; and if
 * all threads were parked then, nobody is there to change it.  Otherwise a thread may have
 * readied another and ended between the two counts. */
int goc__thread_others(int ours)
{
    /* Acquire: of the threads that had been made before a park that is seen here, the kernel
     * counts every one.  The second look needs no order of its own: who has ended, so that the
     * kernel did not count it, took a lock of the kernel's before the count did. */
    uint64_t parked = load_acquire(&threads.parked);
    int count = goc__thread_count();
    /* Where the kernel does not say, assume that somebody is there. */
    if (count < 0 || load_relaxed(&threads.parked) != parked)
        return 1;
    return count - ours - (int)(uint32_t)parked - threads.sanitizers;
}
