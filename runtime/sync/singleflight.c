/* Singleflight: one call a key at a time.
 *
 * A flight lies in the frame of the caller that makes the call, and stands in the group's
 * list until the call is over or forgotten.  The others join it under the mutex and wait on
 * SEMA.  The frame goes last: the maker leaves once every joiner has taken the result,
 * which the last of them tells by LANDED.
 *
 * The list is searched one by one: it is as long as there are calls under way.
 *
 * Order: the maker releases to the flight, each joiner acquires from it.
 *
 * After golang.org/x/sync/singleflight.
 */
#include "base/atomic.h"
#include "base/list.h"
#include "events/events.h"
#include "sched/bubble.h"
#include "sched/defer.h"
#include "sync/mutex.h"
#include "sync/sema.h"

#include <goc/go.h>
#include <goc/singleflight.h>
#include <string.h>

struct goc_flight {
    struct goc_flight *next;         /* the mutex */
    goc_singleflight *group;         /* const */
    const char *key;                 /* const */
    struct defer defer;              /* the maker's */
    struct goc_flight_result result; /* the maker's; const once sema is released */
    uint32_t bubble;                 /* const: the maker's; 0: none */
    int joiners;                     /* the mutex: grows while in the list */
    bool listed;                     /* the mutex */
    bool exited;      /* the maker's, likewise: F has ended its goroutine */
    uint32_t sema;    /* released once a joiner */
    uint32_t landing; // atomic: joiners that have not taken the result
    uint32_t landed;  /* released by the last of them */
};

static struct goc_flight **find(goc_singleflight *group, const char *key)
{
    struct goc_flight **link = &group->flights;
    while (*link && strcmp((*link)->key, key) != 0)
        link = &(*link)->next;
    return link;
}

/* Under the mutex. */
static void unlist(struct goc_flight *flight)
{
    if (!flight->listed)
        return;
    struct goc_flight **link = &flight->group->flights;
    while (*link != flight)
        link = &(*link)->next;
    *link = flight->next;
    flight->listed = false;
}

/* The call is over: nobody joins any more, and all get the result. */
static void land(struct goc_flight *flight)
{
    goc_singleflight *group = flight->group;
    goc__mutex_lock(&group->mutex, WAIT_MUTEX, group);
    unlist(flight);
    goc__mutex_unlock(&group->mutex);
    int joiners = flight->joiners;
    flight->result.callers = 1 + joiners;
    if (joiners == 0)
        return;
    event_release(&flight->sema);
    store_relaxed(&flight->landing, (uint32_t)joiners);
    for (int i = 0; i < joiners; i++)
        goc__sema_release(&flight->sema);
    goc__sema_acquire(&flight->landed, false, WAIT_SEMACQUIRE, group);
}

static void end_all(struct defer *defer)
{
    struct goc_flight *flight = LIST_OBJECT(defer, struct goc_flight, defer);
    flight->exited = true;
    land(flight);
}

/* FLIGHT's joiner, counted under the mutex. */
static struct goc_flight_result join(struct goc_flight *flight)
{
    bool durable = flight->bubble != 0 && flight->bubble == goc__bubble_id();
    goc__sema_acquire(&flight->sema, false, goc__bubble_reason(WAIT_SEMACQUIRE, durable),
                      flight->group);
    event_acquire(&flight->sema);
    struct goc_flight_result result = flight->result;
    bool exited = flight->exited;
    /* Release pairs with the acquire of the last, whose semaphore frees the frame. */
    if (fetch_sub_acq_rel(&flight->landing, 1) == 1)
        goc__sema_release(&flight->landed);
    if (exited)
        goc_exit();
    return result;
}

struct goc_flight_result goc_singleflight_do(goc_singleflight *group, const char *key,
                                             int (*f)(void *argument, void **value),
                                             void *argument)
{
    goc__mutex_lock(&group->mutex, WAIT_MUTEX, group);
    struct goc_flight *other = *find(group, key);
    if (other) {
        other->joiners++;
        goc__mutex_unlock(&group->mutex);
        return join(other);
    }
    struct goc_flight flight = {.next = group->flights,
                                .group = group,
                                .key = key,
                                .bubble = goc__bubble_id(),
                                .listed = true};
    group->flights = &flight;
    goc__mutex_unlock(&group->mutex);
    goc__defer_push(&flight.defer, end_all);
    flight.result.error = f(argument, &flight.result.value);
    goc__defer_pop(&flight.defer);
    land(&flight);
    return flight.result;
}

void goc_singleflight_forget(goc_singleflight *group, const char *key)
{
    goc__mutex_lock(&group->mutex, WAIT_MUTEX, group);
    struct goc_flight *flight = *find(group, key);
    if (flight)
        unlist(flight);
    goc__mutex_unlock(&group->mutex);
}
