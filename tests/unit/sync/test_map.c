/* Map: against a plain model, and many at once. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/map.h>
#include <goc/sync.h>
#include <malloc.h>

static goc_map map;
static goc_waitgroup all;

static void every_operation(void)
{
    uintptr_t value = 99;
    CHECK(!goc_map_load(&map, 1, &value));
    CHECK(!goc_map_load_and_delete(&map, 1, &value));
    CHECK(!goc_map_compare_and_swap(&map, 1, 0, 5));
    CHECK(!goc_map_compare_and_delete(&map, 1, 0));
    goc_map_clear(&map);
    CHECK_EQ(value, 99);

    CHECK(!goc_map_load_or_store(&map, 1, 10, &value));
    CHECK_EQ(value, 10);
    CHECK(goc_map_load_or_store(&map, 1, 11, &value));
    CHECK_EQ(value, 10);
    CHECK(goc_map_load(&map, 1, NULL));
    CHECK(goc_map_swap(&map, 1, 12, &value));
    CHECK_EQ(value, 10);
    CHECK(!goc_map_swap(&map, 2, 20, &value));
    CHECK_EQ(value, 10);
    CHECK(!goc_map_compare_and_swap(&map, 1, 10, 13));
    CHECK(goc_map_compare_and_swap(&map, 1, 12, 13));
    CHECK(!goc_map_compare_and_delete(&map, 1, 12));
    CHECK(goc_map_compare_and_delete(&map, 1, 13));
    CHECK(!goc_map_load(&map, 1, NULL));
    CHECK(goc_map_load_and_delete(&map, 2, &value));
    CHECK_EQ(value, 20);

    goc_map_store(&map, 0, 0); /* neither is special */
    CHECK(goc_map_load(&map, 0, &value));
    CHECK_EQ(value, 0);
    goc_map_store(&map, UINTPTR_MAX, UINTPTR_MAX);
    CHECK(goc_map_load(&map, UINTPTR_MAX, &value));
    CHECK(value == UINTPTR_MAX);
    goc_map_delete(&map, 0);
    CHECK(!goc_map_load(&map, 0, NULL));
    goc_map_clear(&map);
    CHECK(!goc_map_load(&map, UINTPTR_MAX, NULL));
    goc_map_free(&map);
    goc_map_free(&map);
    CHECK(!goc_map_load(&map, 1, NULL));
}

enum { KEYS = 3000 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Many steps against an array; keys are multiples of a page, as pointers may be. */
static void as_an_array(void)
{
    static uintptr_t model[KEYS]; /* 0: not there */
    uint64_t random = 1;
    for (int i = 0; i < 300000; i++) {
        uint64_t index = next_random(&random) % KEYS;
        uintptr_t key = index * 4096;
        uintptr_t value = next_random(&random) % 5 + 1;
        uintptr_t seen = 0;
        switch (next_random(&random) % 4) {
        case 0:
            goc_map_store(&map, key, value);
            model[index] = value;
            break;
        case 1:
            CHECK_EQ(goc_map_load_and_delete(&map, key, &seen), model[index] != 0);
            CHECK_EQ(seen, model[index]);
            model[index] = 0;
            break;
        case 2:
            CHECK_EQ(goc_map_load(&map, key, &seen), model[index] != 0);
            CHECK_EQ(seen, model[index]);
            break;
        default:
            CHECK_EQ(goc_map_compare_and_swap(&map, key, value, value + 1),
                     model[index] == value);
            model[index] += model[index] == value;
        }
    }
    goc_map_free(&map);
}

struct tour {
    uint32_t seen[KEYS];
    int left;
};

static bool visit(void *argument, uintptr_t key, uintptr_t value)
{
    struct tour *tour = argument;
    CHECK_EQ(value, key + 1);
    tour->seen[key]++;
    if (key % 2 == 0 && key + 1 < KEYS) /* takes out others, and adds */
        goc_map_delete(&map, key + 1);
    goc_map_store(&map, key, key + 1);
    return --tour->left > 0;
}

static void range_sees_each_once(void)
{
    static struct tour tour = {.left = KEYS + 1};
    for (uintptr_t key = 0; key < KEYS; key++)
        goc_map_store(&map, key, key + 1);
    goc_map_range(&map, visit, &tour);
    for (uintptr_t key = 0; key < KEYS; key++) {
        CHECK(tour.seen[key] <= 1);
        CHECK(key % 2 == 1 || tour.seen[key] == 1);
        CHECK_EQ(goc_map_load(&map, key, NULL), key % 2 == 0);
    }
    static struct tour few = {.left = 3};
    goc_map_range(&map, visit, &few);
    CHECK_EQ(few.left, 0);
    goc_map_free(&map);
}

static bool leave(void *unused, uintptr_t key, uintptr_t value)
{
    (void)unused;
    (void)key;
    (void)value;
    goc_waitgroup_done(&all);
    goc_exit();
}

static void range_and_leave(void *unused)
{
    goc_map_range(&map, leave, unused);
}

/* What a range keeps aside is given back where its function does not return. */
static void range_that_is_left(void)
{
    enum { MANY = 1 << 16, RANGES = 500, LITTLE = 1 << 20 };
    for (uintptr_t key = 0; key < MANY; key++)
        goc_map_store(&map, key, key);
    size_t before = mallinfo2().uordblks;
    goc_waitgroup_add(&all, RANGES);
    for (int i = 0; i < RANGES; i++)
        party_go(range_and_leave, NULL);
    goc_waitgroup_wait(&all);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK(mallinfo2().uordblks < before + LITTLE);
    goc_map_free(&map);
}

enum { PARTIES = 8, EACH = 4000 };
static uint32_t number; // atomic: which party

/* Each party's own keys are its alone, whatever the others do to the same tables. */
static void own_keys(void *argument)
{
    (void)argument;
    uintptr_t own = (uintptr_t)fetch_add_relaxed(&number, 1) + 1;
    for (uintptr_t i = 0; i < EACH; i++) {
        uintptr_t key = i * 64 + own;
        uintptr_t value = 0;
        goc_map_store(&map, key, i);
        CHECK(goc_map_load(&map, key, &value));
        CHECK_EQ(value, i);
        if (i >= 100) {
            CHECK(goc_map_load_and_delete(&map, key - 6400, &value));
            CHECK_EQ(value, i - 100);
            CHECK(!goc_map_load(&map, key - 6400, NULL));
        }
    }
    goc_waitgroup_done(&all);
}

static void own_keys_stay_own(void)
{
    goc_waitgroup_add(&all, PARTIES + 1);
    for (int i = 0; i < PARTIES; i++)
        party_go(own_keys, NULL);
    pthread_t thread = party_thread(own_keys, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    goc_map_free(&map);
}

/* A counter by compare and swap, taken out and put back all the time. */
static void count(void *argument)
{
    (void)argument;
    for (int i = 0; i < 1000; i++) {
        uintptr_t key = (uintptr_t)i % 3;
        uintptr_t value;
        do {
            goc_map_load_or_store(&map, key, 0, &value);
        } while (i % 2 ? !goc_map_compare_and_swap(&map, key, value, value + 1)
                       : !goc_map_compare_and_delete(&map, key, value));
        if (i % 2 == 0) { /* what was taken out goes to a sum of its own */
            uintptr_t sum;
            do {
                goc_map_load_or_store(&map, 7, 0, &sum);
            } while (!goc_map_compare_and_swap(&map, 7, sum, sum + value));
        }
    }
    goc_waitgroup_done(&all);
}

static void no_change_is_lost(void)
{
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(count, NULL);
    goc_waitgroup_wait(&all);
    uintptr_t sum = 0;
    goc_map_load(&map, 7, &sum);
    for (uintptr_t key = 0; key < 3; key++) {
        uintptr_t value = 0;
        goc_map_load(&map, key, &value);
        sum += value;
    }
    CHECK_EQ(sum, PARTIES * 500);
    goc_map_free(&map);
}

static uint32_t stop; // atomic

/* Keys that stay are found with their values, while others come, go and move them about. */
enum { STAYING = 1000, COMING = 300 };

static void come_and_go(void *argument)
{
    (void)argument;
    for (uintptr_t i = 0; i < 300000; i++) {
        goc_map_store(&map, STAYING + i, 0);
        if (i >= COMING)
            goc_map_delete(&map, STAYING + i - COMING);
    }
    store_release(&stop, 1);
    goc_waitgroup_done(&all);
}

static void look(void *argument)
{
    (void)argument;
    while (!load_acquire(&stop)) {
        for (uintptr_t key = 0; key < STAYING; key++) {
            uintptr_t value = 0;
            CHECK(goc_map_load(&map, key, &value));
            CHECK_EQ(value, key * 3 + 1);
        }
        goc_yield();
    }
    goc_waitgroup_done(&all);
}

static void loads_beside_changes(void)
{
    for (uintptr_t key = 0; key < STAYING; key++)
        goc_map_store(&map, key, key * 3 + 1);
    goc_waitgroup_add(&all, 3);
    party_go(come_and_go, NULL);
    party_go(look, NULL);
    pthread_t thread = party_thread(look, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    goc_map_free(&map);
}

static const struct isolated_case cases[] = {
    ISOLATED(every_operation),      ISOLATED(as_an_array),
    ISOLATED(range_sees_each_once), ISOLATED(own_keys_stay_own),
    ISOLATED(no_change_is_lost),    ISOLATED(loads_beside_changes),
    ISOLATED(range_that_is_left),
};

ISOLATED_MAIN(cases)
