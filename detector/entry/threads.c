/* Threads as strands. */
#include "entry/threads.h"

#include "base/flags.h"
#include "base/lock.h"
#include "base/sys.h"
#include "entry/handlers.h"
#include "record/error.h"
#include "state/forget.h"
#include "state/lockset.h"
#include "state/order.h"
#include "state/phase.h"
#include "state/slab.h"
#include "state/storage.h"
#include "state/strand.h"

#include <goc/race_record.h>

#define LEAKS_MAX 16 // places from where leaked threads came, that are told

static struct race__lock lock; // the ends of threads, against their joins and detaches

static bool forked; // this process is a forked child

goc_strand *race__thread_spawn(const void *pc)
{
    goc_strand *creator = race__watched();
    if (creator == NULL || !race__enter())
        return NULL;
    race__window_threads_begin();
    goc_strand *strand =
        race__strand_new(creator, RACE_STRAND_THREAD, 0, race__strand_leaf(creator, pc));
    race__leave();
    return strand;
}

void race__thread_discard(goc_strand *strand)
{
    if (strand == NULL || !race__enter())
        return;
    race__strand_free(strand);
    race__leave();
}

void race__thread_start(goc_strand *strand, const void *stack, size_t size)
{
    if (strand == NULL || !race__enter())
        return;
    race__slab_cache(true);
    race__storage_begin();
    race__strand_name(strand, RACE_STRAND_THREAD, (uint64_t)race__gettid());
    strand->thread_pointer = race__thread_pointer();
    if (stack != NULL) {
        race__forget((uintptr_t)stack, size);
        strand->stack_low = (uintptr_t)stack;
        strand->stack_high = (uintptr_t)stack + size;
    }
    race__strand_make_current(strand);
    race__leave();
}

void race__thread_start_unseen(void)
{
    if (!race__enter())
        return;
    race__storage_begin();
    race__leave();
}

bool race__thread_adopt(void)
{
    if (race__self.strand != NULL || !race__enter())
        return false;
    goc_strand *strand = race__strand_new(NULL, RACE_STRAND_THREAD, 0, 0);
    strand->detached = true;
    race__leave();
    race__thread_start(strand, NULL, 0);
    return true;
}

/* A robust mutex goes on to whoever takes it from the dead. */
static void orphan_locks(goc_strand *strand)
{
    uint32_t set = strand->lockset;
    while (set != RACE_LOCKSET_NONE && set != RACE_LOCKSET_LOST) {
        const struct race__held *held = race__lockset_top(set);
        race__order_lock_orphaned(strand, (uintptr_t)held->addr);
        set = held->below;
    }
}

/* The calling thread's strand. */
static void stop(goc_strand *strand)
{
    orphan_locks(strand);
    race__strand_make_current(NULL);
    race__lock(&lock);
    bool detached = strand->detached;
    strand->ended = true;
    race__unlock(&lock);
    if (detached)
        race__strand_free(strand);
}

void race__thread_stop(void)
{
    race__handlers_end();
    goc_strand *strand = race__self.strand;
    if (!race__enter())
        return;
    if (strand != NULL)
        stop(strand);
    race__self_end();
    race__leave();
}

void race__thread_join(goc_strand *strand)
{
    goc_strand *joiner = race__self.strand;
    if (strand == NULL || !race__enter())
        return;
    race__strand_mark(strand); // its last moment is handed on
    if (joiner != NULL)
        race__view_acquire(&joiner->view, &strand->view);
    if (joiner != NULL && race__phases_on()) {
        race__phase_noted(strand);
        race__phase_join(joiner, strand);
    }
    race__strand_free(strand);
    race__leave();
}

void race__thread_detach(goc_strand *strand)
{
    if (strand == NULL || !race__enter())
        return;
    race__lock(&lock);
    bool ended = strand->ended;
    strand->detached = true;
    race__unlock(&lock);
    if (ended)
        race__strand_free(strand);
    race__leave();
}

void race__threads_hold(bool hold)
{
    race__lock_hold(&lock, hold);
}

void race__threads_forked(void)
{
    forked = true;
}

/* Leaked threads, by where they were created. */
struct leaks {
    struct race__step step[LEAKS_MAX];
    size_t count;
};

static bool add_leak(const goc_strand *strand, void *context)
{
    struct leaks *leaks = context;
    struct race__birth birth = race__birth_at(strand->birth);
    bool ended = strand->ended || race__flags.report_thread_leaks > 1;
    size_t i = 0;
    if (birth.kind != RACE_STRAND_THREAD || strand->detached || !ended)
        return false;
    while (i < leaks->count && leaks->step[i].leaf != birth.leaf)
        i++;
    if (i == LEAKS_MAX)
        return false;
    if (i == leaks->count)
        leaks->step[leaks->count++] = (struct race__step){
            .what = RACE_STEP_CREATE, .strand = birth.same, .leaf = birth.leaf};
    leaks->step[i].count++;
    return false;
}

void race__threads_at_exit(void)
{
    struct leaks leaks = {.count = 0};
    if (race__flags.report_thread_leaks == 0 || forked)
        return;
    race__lock(&lock);
    (void)race__strand_each(add_leak, &leaks);
    race__unlock(&lock);
    if (leaks.count != 0)
        race__record_error(&(struct race__error){
            .kind = RACE_ERROR_THREAD_LEAK,
            .message = "threads have ended and were neither joined nor detached",
            .step_count = leaks.count,
            .steps = leaks.step});
}
