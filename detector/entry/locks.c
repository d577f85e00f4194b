/* From what happens to locks to errors. */
#include "entry/locks.h"

#include "base/flags.h"
#include "entry/events.h"
#include "record/error.h"
#include "state/lockset.h"
#include "state/nesting.h"
#include "state/order.h"
#include "state/phase.h"
#include "state/slab.h"

#include <goc/race_record.h>

#define STEPS_MAX (2 * RACE_CIRCLE_MAX)
#define HOLDERS_MAX 4 // of a misused lock, that are told

_Static_assert(RACE_CYCLE_MAX <= RACE_CIRCLE_MAX, "one array has the steps of both");

/* The lock at ADDR as SET has it, NULL where it does not. */
static const struct race__held *find_held(uint32_t set, uintptr_t addr)
{
    while (set != RACE_LOCKSET_NONE && set != RACE_LOCKSET_LOST) {
        const struct race__held *held = race__lockset_top(set);
        if ((uintptr_t)held->addr == addr)
            return held;
        set = held->below;
    }
    return NULL;
}

static struct race__step hold_step(const struct race__held *held, uint32_t strand)
{
    return (struct race__step){.what = RACE_STEP_HOLD,
                               .lock = (uintptr_t)held->addr,
                               .kind = held->kind,
                               .exclusive = held->exclusive,
                               .strand = strand,
                               .leaf = held->leaf};
}

static void report_cycle(const struct race__cycle *cycle)
{
    struct race__step steps[STEPS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i < cycle->count; i++) {
        const struct race__cycle_step *step = &cycle->step[i];
        const struct race__cycle_step *next = &cycle->step[(i + 1) % cycle->count];
        const struct race__held *taken = find_held(next->set, step->taken);
        const struct race__held *held = find_held(step->set, step->held);
        steps[count++] = (struct race__step){.what = RACE_STEP_TAKE,
                                             .lock = step->taken,
                                             .kind = taken->kind,
                                             .exclusive = step->takes_exclusive,
                                             .strand = step->strand,
                                             .leaf = step->leaf};
        steps[count++] = hold_step(held, step->strand);
    }
    race__record_error(
        &(struct race__error){.kind = RACE_ERROR_LOCK_ORDER,
                              .message = "locks are taken in orders that can deadlock",
                              .step_count = count,
                              .steps = steps});
}

/* Somebody may have given a lock of the cycle back for its owner since. */
static bool is_sound(const struct race__cycle *cycle)
{
    for (uint32_t i = 0; i < cycle->count; i++)
        if (race__nesting_is_handed_on(cycle->step[i].taken))
            return false;
    return cycle->count != 0;
}

RACE_NOINLINE void race__lock_nested(goc_strand *strand, uint32_t held, const void *addr,
                                     bool exclusive, uint32_t leaf)
{
    struct race__cycle cycle;
    if (race__flags.detect_deadlocks == 0 || held == RACE_LOCKSET_LOST ||
        race__nesting_is_noted(strand))
        return;
    race__nesting_note(strand, held, (uintptr_t)addr, exclusive, leaf, &cycle);
    race__nesting_remember(strand);
    if (unlikely(is_sound(&cycle)))
        report_cycle(&cycle);
}

bool race__lock_release(const void *addr, bool exclusive, const void *pc)
{
    goc_strand *strand = race__watched();
    (void)pc; // where a lock is given back, no report says
    if (strand == NULL)
        return true;
    if (!race__enter()) {
        strand->blind = true;
        return true;
    }
    race__order_unlock(strand, (uintptr_t)addr, exclusive);
    uint32_t held = strand->lockset;
    strand->lockset = race__lockset_remove(held, addr);
    if (likely(held != RACE_LOCKSET_LOST))
        race__self.lockset = held;
    bool had = strand->lockset != held || held == RACE_LOCKSET_LOST || strand->blind;
    if (strand->locks_held != 0) {
        strand->locks_held--;
        if (strand->locks_held == 0)
            strand->lockset = RACE_LOCKSET_NONE; // one that was lost is right again
    }
    if (unlikely(!had))
        race__nesting_hand_on((uintptr_t)addr);
    race__leave();
    return had;
}

void race__lock_will_return(const void *addr, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || strand->lockset == RACE_LOCKSET_NONE || !race__enter())
        return;
    struct race__cycle cycle = {.count = 0};
    uint32_t held = strand->lockset;
    if (race__flags.detect_deadlocks != 0 && held != RACE_LOCKSET_LOST)
        race__nesting_note(strand, held, (uintptr_t)addr, true,
                           race__strand_leaf(strand, pc), &cycle);
    if (is_sound(&cycle))
        report_cycle(&cycle);
    race__leave();
}

static bool circle_is_sound(const struct race__circle *circle)
{
    for (uint32_t i = 0; i < circle->count; i++)
        if (race__nesting_is_handed_on(circle->step[i].addr))
            return false;
    return circle->count != 0;
}

static void report_circle(const struct race__circle *circle)
{
    struct race__step steps[STEPS_MAX];
    size_t count = 0;
    bool alone = circle->count == 1;
    for (uint32_t i = 0; i < circle->count; i++) {
        const struct race__circle_step *step = &circle->step[i];
        const struct race__circle_step *before =
            &circle->step[(i + circle->count - 1) % circle->count];
        steps[count++] =
            (struct race__step){.what = alone ? RACE_STEP_TAKE : RACE_STEP_WAIT,
                                .lock = step->addr,
                                .kind = step->kind,
                                .exclusive = step->exclusive,
                                .strand = step->strand,
                                .leaf = step->leaf};
        steps[count++] = hold_step(find_held(step->set, before->addr), step->strand);
    }
    race__record_error(&(struct race__error){
        .kind = alone ? RACE_ERROR_DOUBLE_LOCK : RACE_ERROR_DEADLOCK,
        .message = alone ? "a lock is taken by whoever holds it already"
                         : "each waits for a lock that another of them holds, for ever",
        .step_count = count,
        .steps = steps});
}

/* The current strand holds the lock that it wants. */
static void report_own(const struct race__wait *wait)
{
    struct race__circle circle = {.count = 1};
    circle.step[0] =
        (struct race__circle_step){.strand = race__strand_number(wait->strand),
                                   .addr = wait->addr,
                                   .kind = wait->kind,
                                   .leaf = wait->leaf,
                                   .exclusive = wait->exclusive,
                                   .set = wait->strand->lockset};
    report_circle(&circle);
}

static void halt(void)
{
    if (race__flags.halt_on_deadlock != 0)
        race__record_halt();
}

/* Inside the detector. */
static bool blocks(struct race__wait *wait, const struct race__block *block)
{
    const struct race__held *held = find_held(wait->strand->lockset, wait->addr);
    if (held != NULL && block->own && !race__nesting_is_handed_on(wait->addr) &&
        (held->exclusive || block->exclusive)) {
        if (race__flags.report_mutex_bugs != 0)
            report_own(wait);
        if (!block->refuses)
            halt();
        return false;
    }
    struct race__circle circle;
    race__wait_begin(wait, &circle);
    if (circle_is_sound(&circle)) {
        report_circle(&circle);
        halt();
    }
    return true;
}

bool race__lock_blocks(struct race__wait *wait, const struct race__block *block)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || strand->lockset == RACE_LOCKSET_NONE ||
        strand->lockset == RACE_LOCKSET_LOST || race__flags.detect_deadlocks == 0 ||
        !race__enter())
        return false;
    *wait = (struct race__wait){.strand = strand,
                                .addr = (uintptr_t)block->addr,
                                .kind = block->kind,
                                .leaf = race__strand_leaf(strand, block->pc),
                                .exclusive = block->exclusive,
                                .certain = true};
    bool waits = blocks(wait, block);
    race__leave();
    return waits;
}

void race__lock_unblocks(struct race__wait *wait)
{
    if (!race__enter())
        return;
    race__wait_end(wait);
    race__leave();
}

/* A runtime's locks may be given back by anybody: who waits for whom is certain at the end
 * only. */
void race__on_lock_wait(const void *addr, bool exclusive, const char *kind,
                        const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || strand->lockset == RACE_LOCKSET_NONE ||
        strand->lockset == RACE_LOCKSET_LOST || race__flags.detect_deadlocks == 0 ||
        !race__enter())
        return;
    struct race__wait *wait = race__slab_alloc(sizeof *wait);
    struct race__circle circle;
    wait->strand = strand;
    wait->addr = (uintptr_t)addr;
    wait->kind = kind;
    wait->leaf = race__strand_leaf(strand, pc);
    wait->exclusive = exclusive;
    strand->wait = wait;
    race__wait_begin(wait, &circle);
    race__leave();
}

void race__on_lock_waited(void)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || strand->wait == NULL || !race__enter())
        return;
    race__wait_end(strand->wait);
    race__slab_free(strand->wait, sizeof *strand->wait);
    strand->wait = NULL;
    race__leave();
}

/* Who holds a lock. */
struct holders {
    uintptr_t addr;
    const goc_strand *but; // not this one
    struct race__step *steps;
    size_t count;
};

/* Another strand's set may change meanwhile: then it is one that the strand had. */
static bool add_holder(const goc_strand *strand, void *context)
{
    struct holders *holders = context;
    const struct race__held *held =
        find_held(load_relaxed(&strand->lockset), holders->addr);
    if (held != NULL && strand != holders->but)
        holders->steps[holders->count++] = hold_step(held, race__strand_number(strand));
    return holders->count == HOLDERS_MAX;
}

/* What is known of the end of the lock at ADDR. */
static bool find_end(uintptr_t addr, struct race__step *step)
{
    race__line_lock(addr);
    const struct race__sync *sync = race__sync_find(addr);
    bool found = sync != NULL && sync->more != NULL && sync->more->destroyed_birth != 0;
    if (found) {
        step->strand = sync->more->destroyed_birth;
        step->leaf = sync->more->destroyed_leaf;
    }
    race__line_unlock(addr);
    return found;
}

static const struct {
    const char *kind;
    const char *what;
    const char *message;
} misuses[] = {
    [RACE_UNLOCK_OF_UNLOCKED] = {RACE_ERROR_UNLOCK_OF_UNLOCKED, RACE_STEP_UNLOCK,
                                 "a lock is given back that nobody holds"},
    [RACE_UNLOCK_BY_OTHER] = {RACE_ERROR_UNLOCK_BY_OTHER, RACE_STEP_UNLOCK,
                              "a lock is given back by somebody who does not hold it"},
    [RACE_DESTROY_OF_LOCKED] = {RACE_ERROR_DESTROY_OF_LOCKED, RACE_STEP_DESTROY,
                                "a lock is destroyed while it is held"},
    [RACE_USE_OF_DESTROYED] = {RACE_ERROR_USE_OF_DESTROYED, RACE_STEP_USE,
                               "a lock is used that has been destroyed"},
};

static bool is_wanted(enum race__misuse misuse)
{
    if (misuse == RACE_DESTROY_OF_LOCKED)
        return race__flags.report_destroy_locked != 0;
    return race__flags.report_mutex_bugs != 0;
}

void race__lock_misused(enum race__misuse misuse, const void *addr, const char *kind,
                        const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || !is_wanted(misuse) || !race__enter())
        return;
    struct race__step steps[1 + HOLDERS_MAX] = {
        {.what = misuses[misuse].what,
         .lock = (uintptr_t)addr,
         .kind = kind,
         .exclusive = true,
         .strand = race__strand_number(strand),
         .leaf = race__strand_leaf(strand, pc)},
        {.what = RACE_STEP_DESTROY,
         .lock = (uintptr_t)addr,
         .kind = kind,
         .exclusive = true},
    };
    size_t count = 1;
    if (misuse == RACE_USE_OF_DESTROYED) {
        count += find_end((uintptr_t)addr, &steps[1]);
    } else if (misuse != RACE_UNLOCK_OF_UNLOCKED) {
        struct holders holders = {.addr = (uintptr_t)addr, .steps = &steps[1]};
        holders.but = misuse == RACE_UNLOCK_BY_OTHER ? strand : NULL;
        (void)race__strand_each(add_holder, &holders);
        count += holders.count;
    }
    race__record_error(&(struct race__error){.kind = misuses[misuse].kind,
                                             .message = misuses[misuse].message,
                                             .step_count = count,
                                             .steps = steps});
    race__leave();
}

void race__lock_destroyed(const void *addr, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || race__flags.report_mutex_bugs == 0 || !race__enter())
        return;
    uint32_t leaf = race__strand_leaf(strand, pc);
    race__line_lock((uintptr_t)addr);
    struct race__sync_more *more = race__sync_more(race__sync_get((uintptr_t)addr));
    more->destroyed_birth = race__strand_number(strand);
    more->destroyed_leaf = leaf;
    race__line_unlock((uintptr_t)addr);
    race__leave();
}

void race__lock_signal(const void *addr)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || !race__phases_on() || !race__enter())
        return;
    race__line_lock((uintptr_t)addr);
    race__phase_leave(strand, race__sync_get((uintptr_t)addr), false);
    race__line_unlock((uintptr_t)addr);
    race__leave();
}

void race__lock_signal_seen(const void *addr)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || !race__phases_on() || !race__enter())
        return;
    race__line_lock((uintptr_t)addr);
    const struct race__sync *sync = race__sync_find((uintptr_t)addr);
    if (sync != NULL)
        race__phase_take(strand, sync);
    race__line_unlock((uintptr_t)addr);
    race__leave();
}

void race__locks_at_exit(void)
{
    if (race__flags.detect_deadlocks == 0)
        return;
    for (;;) {
        struct race__circle circle;
        race__wait_find(&circle);
        if (circle.count == 0)
            return;
        if (circle_is_sound(&circle))
            report_circle(&circle);
    }
}
