/* What semaphores, singleflight, pools and maps order and what they do not. */
#include "scenarios.h"

#include <goc/map.h>
#include <goc/pool.h>
#include <goc/semaphore.h>
#include <goc/singleflight.h>

static struct barrier gate;

/* Semaphore */

static goc_semaphore units = GOC_SEMAPHORE_INIT(3);

static void touch_with(int64_t n)
{
    goc_semaphore_acquire(&units, n);
    touch();
    goc_semaphore_release(&units, n);
    barrier_arrive(&gate);
}

static void semaphore_as_a_mutex(void)
{
    for (int i = 0; i < 4; i++)
        go touch_with(2);
    see(&gate, 4);
}

static void semaphore_lets_two_in(void)
{
    goc_semaphore_acquire(&units, 1);
    go touch_with(1);
    see(&gate, 1);
    touch();
}

static void tryacquire_orders(void)
{
    go touch_with(3);
    while (!barrier_reached(&gate, 1) || !goc_semaphore_tryacquire(&units, 3))
        goc_yield();
    touch();
}

static void failed_acquires_order_nothing(void)
{
    goc_semaphore_acquire(&units, 2);
    go ^{
        goc_semaphore_acquire(&units, 1);
        touch();
        goc_semaphore_release(&units, 1);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    CHECK(!goc_semaphore_tryacquire(&units, 2));
    CHECK(goc_semaphore_acquire_until(&units, 2, goc_now()) < 0);
    touch();
}

static void acquire_until_in_time(void)
{
    goc_semaphore_acquire(&units, 3);
    go ^{
        CHECK_EQ(goc_semaphore_acquire_until(&units, 3, GOC_NEVER), 0);
        touch();
        barrier_arrive(&gate);
    }();
    let_others_park();
    touch();
    goc_semaphore_release(&units, 3);
    see(&gate, 1);
}

/* Singleflight */

static goc_singleflight group;
static struct barrier started;

static int touch_in_flight(void *argument, void **value)
{
    (void)argument;
    touch();
    *value = &shared;
    barrier_arrive(&started);
    see(&gate, 1); /* the other one is about to ask */
    let_others_park();
    return 0;
}

static void flight_orders_who_shares_it(void)
{
    static struct barrier done;
    goc_maxprocs(1); /* who has arrived at the gate asks before this one runs again */
    go ^{
        goc_singleflight_do(&group, "key", touch_in_flight, NULL);
        barrier_arrive(&done);
    }();
    see(&started, 1);
    barrier_arrive(&gate);
    struct goc_flight_result r =
        goc_singleflight_do(&group, "key", touch_in_flight, NULL);
    CHECK_EQ(r.callers, 2);
    touch();
    see(&done, 1);
}

static void flights_are_not_ordered(void)
{
    barrier_arrive(&gate);
    go ^{
        goc_singleflight_do(&group, "one", touch_in_flight, NULL);
        barrier_arrive(&gate);
    }();
    see(&gate, 2);
    goc_singleflight_do(&group, "two", touch_in_flight, NULL);
}

/* Pool */

static goc_pool pool = GOC_POOL_INIT(NULL, NULL);
static int object;

static void put_before_get(void)
{
    go ^{
        object++;
        goc_pool_put(&pool, &object);
    }();
    int *got;
    while ((got = goc_pool_get(&pool)) == NULL)
        goc_yield();
    ++*got;
}

static void put_orders_nothing_by_itself(void)
{
    goc_pool_put(&pool, &object);
    go ^{
        touch();
        goc_pool_put(&pool, &gate);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    touch();
}

/* Map */

static goc_map map;

static void touch_and_store(uintptr_t key)
{
    touch();
    goc_map_store(&map, key, 1);
    barrier_arrive(&gate);
}

static void store_before_load(void)
{
    go touch_and_store(1);
    while (!goc_map_load(&map, 1, NULL))
        goc_yield();
    touch();
}

static void store_before_what_sees_it(void)
{
    go touch_and_store(1);
    while (!goc_map_compare_and_swap(&map, 1, 1, 2))
        goc_yield();
    touch();
}

static void delete_before_load(void)
{
    goc_map_store(&map, 1, 1);
    go ^{
        touch();
        goc_map_delete(&map, 1);
    }();
    while (goc_map_load(&map, 1, NULL))
        goc_yield();
    touch();
}

static void another_key_does_not_help(void)
{
    go touch_and_store(1);
    see(&gate, 1);
    goc_map_load(&map, 2, NULL);
    touch();
}

static void stores_are_not_ordered(void)
{
    go touch_and_store(1);
    see(&gate, 1);
    goc_map_store(&map, 1, 2);
    touch();
}

static const struct scenario scenarios[] = {
    SCENARIO(semaphore_as_a_mutex, NO_RACE),
    SCENARIO(semaphore_lets_two_in, RACE),
    SCENARIO(tryacquire_orders, NO_RACE),
    SCENARIO(failed_acquires_order_nothing, RACE),
    SCENARIO(acquire_until_in_time, NO_RACE),
    SCENARIO(flight_orders_who_shares_it, NO_RACE),
    SCENARIO(flights_are_not_ordered, RACE),
    SCENARIO(put_before_get, NO_RACE),
    SCENARIO(put_orders_nothing_by_itself, RACE),
    SCENARIO(store_before_load, NO_RACE),
    SCENARIO(store_before_what_sees_it, NO_RACE),
    SCENARIO(delete_before_load, NO_RACE),
    SCENARIO(another_key_does_not_help, RACE),
    SCENARIO(stores_are_not_ordered, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 14 wrong
