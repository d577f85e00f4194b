/* Singleflight: one call a key, one result for all who asked meanwhile. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/singleflight.h>

enum { PARTIES = 20 };

static goc_singleflight group;
static goc_waitgroup all;
static uint32_t calls;  // atomic
static uint32_t landed; // atomic
static uint32_t gate;   // atomic: the call may end
static int answer = 42;

static int find_answer(void *argument, void **value)
{
    CHECK(argument == &answer);
    CHECK(*value == NULL);
    fetch_add_relaxed(&calls, 1);
    PARTY_UNTIL(load_acquire(&gate));
    *value = argument;
    return -7;
}

static uint32_t asked; // atomic

static void ask(void *key)
{
    char own[16]; /* compared as text, and gone after the call */
    strcpy(own, key);
    fetch_add_relaxed(&asked, 1);
    struct goc_flight_result r = goc_singleflight_do(&group, own, find_answer, &answer);
    memset(own, 0, sizeof own);
    CHECK_EQ(r.error, -7);
    CHECK(r.value == &answer);
    fetch_add_relaxed(&landed, (uint32_t)(r.callers > 1));
    goc_waitgroup_done(&all);
}

/* Who asks while the call is under way shares it; on one P all have asked. */
static void one_call_for_all(void)
{
    goc_maxprocs(1);
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(ask, (void *)(uintptr_t)"key");
    PARTY_UNTIL(load_relaxed(&asked) == PARTIES);
    store_release(&gate, 1);
    goc_waitgroup_wait(&all);
    CHECK_EQ(calls, 1);
    CHECK_EQ(landed, PARTIES);
    CHECK(group.flights == NULL);
}

static void alone_it_is_not_shared(void)
{
    store_release(&gate, 1);
    struct goc_flight_result r = goc_singleflight_do(&group, "a", find_answer, &answer);
    CHECK_EQ(r.callers, 1);
    r = goc_singleflight_do(&group, "a", find_answer, &answer);
    CHECK_EQ(r.callers, 1);
    CHECK_EQ(calls, 2);
}

static void keys_do_not_mix(void)
{
    goc_waitgroup_add(&all, 2);
    party_go(ask, (void *)(uintptr_t)"one");
    party_go(ask, (void *)(uintptr_t)"two");
    PARTY_UNTIL(load_relaxed(&calls) == 2);
    store_release(&gate, 1);
    goc_waitgroup_wait(&all);
}

static void a_forgotten_call_is_not_shared(void)
{
    goc_waitgroup_add(&all, 2);
    party_go(ask, (void *)(uintptr_t)"key");
    PARTY_UNTIL(load_relaxed(&calls) == 1);
    goc_singleflight_forget(&group, "key");
    goc_singleflight_forget(&group, "other");
    party_go(ask, (void *)(uintptr_t)"key");
    PARTY_UNTIL(load_relaxed(&calls) == 2);
    store_release(&gate, 1);
    goc_waitgroup_wait(&all);
    CHECK_EQ(landed, 0);
}

static void ask_at_random(void *argument)
{
    static const char *const keys[] = {"a", "b", "c"};
    (void)argument;
    for (int i = 0; i < 300; i++) {
        struct goc_flight_result r =
            goc_singleflight_do(&group, keys[i % 3], find_answer, &answer);
        CHECK(r.value == &answer);
        CHECK(r.callers >= 1);
    }
    goc_waitgroup_done(&all);
}

static void again_and_again(void)
{
    store_release(&gate, 1);
    goc_waitgroup_add(&all, 9);
    pthread_t thread = party_thread(ask_at_random, NULL);
    for (int i = 0; i < 8; i++)
        party_go(ask_at_random, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(group.flights == NULL);
}

static int end_inside(void *argument, void **value)
{
    (void)argument;
    *value = NULL;
    fetch_add_relaxed(&calls, 1);
    PARTY_UNTIL(load_acquire(&gate));
    goc_exit();
}

static void ask_and_end(void *argument)
{
    (void)argument;
    fetch_add_relaxed(&asked, 1);
    goc_singleflight_do(&group, "key", end_inside, NULL);
    check_fail(__FILE__, __LINE__, "do has returned");
}

/* As in Go: the end of the goroutine that makes the call ends those who wait for it. */
static void ended_inside(void)
{
    goc_maxprocs(1);
    for (int i = 0; i < PARTIES; i++)
        party_go(ask_and_end, NULL);
    PARTY_UNTIL(load_relaxed(&asked) == PARTIES);
    store_release(&gate, 1);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_EQ(calls, 1);
    CHECK(group.flights == NULL);
}

static const struct isolated_case cases[] = {
    ISOLATED(one_call_for_all), ISOLATED(alone_it_is_not_shared),
    ISOLATED(keys_do_not_mix),  ISOLATED(a_forgotten_call_is_not_shared),
    ISOLATED(again_and_again),  ISOLATED(ended_inside),
};

ISOLATED_MAIN(cases)
