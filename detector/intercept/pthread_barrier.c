/* Barriers: what any thread did before it arrived is before what every thread of the same
 * round does afterwards.
 *
 * A fast thread may arrive for round n+1 before a slow one has left round n, and must not
 * be ordered before that slow one.  More than two rounds never overlap, so arrivals go to
 * two places in turn: two addresses inside the barrier.  Which one, the count of arrivals
 * says; a round's arrivals are counted before any thread of it passes the real barrier.
 */
#include "intercept/boot.h"
#include "intercept/next.h"
#include "intercept/object.h"
#include "intercept/table.h"
#include "state/slab.h"

#include <pthread.h>

RACE_NEXT(pthread_barrier_init)
RACE_NEXT(pthread_barrier_destroy)
RACE_NEXT(pthread_barrier_wait)

struct round {
    uint64_t arrivals; // atomic: in order with the real barrier's rounds
    uint64_t count;    // const
};

static struct race__table rounds; // barrier → struct round

/* The places of even and odd rounds; two different words of the barrier. */
#define PLACE_DISTANCE ((size_t)16)
_Static_assert(sizeof(pthread_barrier_t) >= 2 * PLACE_DISTANCE, "two places");

void race__fork_begin_barriers(void)
{
    race__table_fork_begin(&rounds);
}

void race__fork_end_barriers(void)
{
    race__table_fork_end(&rounds);
}

RACE_INTERCEPT int pthread_barrier_init(pthread_barrier_t *barrier,
                                        const pthread_barrierattr_t *attributes,
                                        unsigned count)
{
    object_make(barrier, sizeof *barrier, RACE_CALLER_PC());
    int error = next_pthread_barrier_init()(barrier, attributes, count);
    if (error != 0)
        return error;
    struct round *round = race__slab_alloc(sizeof *round);
    round->count = count;
    race__slab_free(race__table_put(&rounds, (uintptr_t)barrier, round), sizeof *round);
    return 0;
}

RACE_INTERCEPT int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    object_destroy(barrier, RACE_CALLER_PC());
    struct round *round = race__table_get(&rounds, (uintptr_t)barrier);
    int error = next_pthread_barrier_destroy()(barrier);
    if (error == 0 && round != NULL) {
        race__table_remove(&rounds, (uintptr_t)barrier, round);
        race__slab_free(round, sizeof *round);
    }
    return error;
}

RACE_INTERCEPT int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    object_use(barrier, RACE_CALLER_PC());
    /* One that another process made is not in the table; all its rounds are one. */
    struct round *round = race__table_get(&rounds, (uintptr_t)barrier);
    const char *place = (const char *)barrier;
    if (round != NULL)
        place +=
            fetch_add_relaxed(&round->arrivals, 1) / round->count % 2 * PLACE_DISTANCE;
    race__on_release_merge(place);
    int result = next_pthread_barrier_wait()(barrier);
    race__on_acquire(place);
    return result;
}
