/* A list, and a breadth-first search in it. */
#include "state/waiting.h"

#include "base/lock.h"
#include "state/lockset.h"

static struct race__lock lock;   // all below
static struct race__wait *first; // everybody who waits
static uint32_t searches;

static bool holds(uint32_t set, uintptr_t addr, bool exclusive)
{
    while (set != RACE_LOCKSET_NONE && set != RACE_LOCKSET_LOST) {
        const struct race__held *held = race__lockset_top(set);
        if ((uintptr_t)held->addr == addr && (exclusive || held->exclusive))
            return true;
        set = held->below;
    }
    return false;
}

/* Who was found last on the way from START, from waiter to holder, and waits for START:
 * the way back leads along BEHIND.  NULL where nobody does. */
static struct race__wait *search(struct race__wait *start)
{
    struct race__wait *last = start;
    searches++;
    start->seen = searches;
    start->behind = NULL;
    start->queue = NULL;
    for (struct race__wait *at = start; at != NULL; at = at->queue) {
        for (struct race__wait *other = first; other != NULL; other = other->next) {
            bool found = other == start;
            if ((!found && other->seen == searches) ||
                !holds(other->strand->lockset, at->addr, at->exclusive))
                continue;
            if (found)
                return at;
            other->seen = searches;
            other->behind = at;
            other->queue = NULL;
            last->queue = other;
            last = other;
        }
    }
    return NULL;
}

/* What leads back from LAST, in the order in which they wait for each other. */
static void describe(struct race__wait *last, struct race__circle *circle)
{
    uint32_t count = 0;
    bool told = false;
    for (const struct race__wait *at = last; at != NULL; at = at->behind) {
        told = told || at->told;
        count++;
    }
    if (told || count > RACE_CIRCLE_MAX)
        return;
    circle->count = count;
    circle->certain = true;
    for (struct race__wait *at = last; at != NULL; at = at->behind) {
        at->told = true;
        circle->certain = circle->certain && at->certain;
        circle->step[--count] =
            (struct race__circle_step){.strand = race__strand_number(at->strand),
                                       .addr = at->addr,
                                       .kind = at->kind,
                                       .leaf = at->leaf,
                                       .exclusive = at->exclusive,
                                       .set = at->strand->lockset};
    }
}

/* Lock held.  One that is not CERTAIN may yet dissolve. */
static void find(struct race__wait *start, bool certain, struct race__circle *circle)
{
    struct race__wait *last = search(start);
    bool all_certain = true;
    for (const struct race__wait *at = last; at != NULL; at = at->behind)
        all_certain = all_certain && at->certain;
    if (last != NULL && (all_certain || !certain))
        describe(last, circle);
}

void race__wait_begin(struct race__wait *wait, struct race__circle *circle)
{
    circle->count = 0;
    race__lock(&lock);
    wait->told = false;
    wait->seen = 0;
    wait->previous = NULL;
    wait->next = first;
    if (first != NULL)
        first->previous = wait;
    first = wait;
    find(wait, true, circle);
    race__unlock(&lock);
}

void race__wait_end(struct race__wait *wait)
{
    race__lock(&lock);
    if (wait->next != NULL)
        wait->next->previous = wait->previous;
    if (wait->previous != NULL)
        wait->previous->next = wait->next;
    else
        first = wait->next;
    race__unlock(&lock);
}

void race__wait_find(struct race__circle *circle)
{
    circle->count = 0;
    race__lock(&lock);
    for (struct race__wait *at = first; at != NULL && circle->count == 0; at = at->next)
        if (!at->told)
            find(at, false, circle);
    race__unlock(&lock);
}

void race__waits_hold(bool hold)
{
    race__lock_hold(&lock, hold);
}

void race__waits_drop(void)
{
    first = NULL;
}
