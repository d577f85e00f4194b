/* Goroutines that have not begun: whose turn it is, on Ps that no M holds. */
#include "sched/newborn.h"
#include "sched/policy.h"
#include "sched/sched.h"
#include "sched/stack.h"
#include "unit.h"

#include <string.h>

enum { MANY = 1000 };

static struct p one;
static struct p other;
static struct g ready;

static int reset(void **state)
{
    (void)state;
    static bool started;
    if (!started)
        goc__stack_start();
    started = true;
    memset(&one, 0, sizeof one);
    memset(&other, 0, sizeof other);
    one.stamp = UINT32_MAX - 1; /* age is counted across the wrap */
    goc__sched.queue_first = NULL;
    goc__sched.queue_last = NULL;
    goc__sched.newborn_first = NULL;
    goc__sched.newborn_last = NULL;
    goc__sched.newborns = 0;
    goc__sched.queued = 0;
    goc__sched.limit = 1;
    return 0;
}

static bool spawn(struct p *p, uint64_t creator_id, uint64_t id)
{
    struct newborn *n = goc__newborn_take(p);
    n->creator_id = creator_id;
    n->id = id;
    n->argument_bytes = 0;
    return goc__newborn_add(p, n);
}

static uint64_t next_id(struct p *p)
{
    return goc__newborn_start(p, NULL)->id;
}

static void of_one_parent_are_served_in_order(void **state)
{
    (void)state;
    assert_false(spawn(&one, 1, 10));
    assert_true(spawn(&one, 1, 11));
    assert_true(spawn(&one, 1, 12));
    assert_int_equal(next_id(&one), 10);
    spawn(&one, 1, 13);
    assert_int_equal(next_id(&one), 11);
    assert_int_equal(next_id(&one), 12);
    assert_int_equal(next_id(&one), 13);
    assert_int_equal(one.newborn_count, 0);
    assert_null(one.youngest);
    assert_null(one.oldest);
}

static void of_a_tree_the_youngest_family_is_first(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 3; i++)
        spawn(&one, 1, 10 + i);
    assert_int_equal(next_id(&one), 10);
    for (uint64_t i = 0; i < 2; i++)
        spawn(&one, 10, 100 + i);
    assert_int_equal(next_id(&one), 100);
    assert_int_equal(next_id(&one), 101);
    assert_int_equal(next_id(&one), 11);
    assert_int_equal(goc__newborn_start_oldest(&one)->id, 12);
    assert_int_equal(one.newborn_count, 0);
}

/* Two loops that spawn by turns: neither one's children wait behind all of the other's. */
static void of_two_parents_by_turns_each_is_served_in_order(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 4; i++) {
        spawn(&one, 1, 10 + i);
        spawn(&one, 2, 20 + i);
    }
    uint64_t last[3] = {0};
    for (int i = 0; i < 8; i++) {
        struct g *g = goc__newborn_start(&one, NULL);
        assert_true(g->id > last[g->creator_id]);
        last[g->creator_id] = g->id;
    }
    assert_int_equal(one.newborn_count, 0);
}

static void age_decides_against_the_ring(void **state)
{
    (void)state;
    spawn(&one, 1, 10);
    goc__runq_push(&one, &ready);
    spawn(&one, 1, 11);
    assert_int_equal(goc__policy_next(&one, NULL)->id, 10);
    assert_ptr_equal(goc__policy_next(&one, NULL), &ready);
    assert_int_equal(goc__policy_next(&one, NULL)->id, 11);
}

/* Of four decisions, how many would begin a newborn older than all of the ring. */
static int turns_of_four(void)
{
    int turns = 0;
    for (int i = 0; i < 4; i++) {
        store_relaxed(&one.tick, one.tick + 1);
        turns += goc__newborn_is_due(&one);
    }
    return turns;
}

static void one_that_needs_memory_lets_a_long_ring_go_first(void **state)
{
    (void)state;
    spawn(&one, 1, 10);
    for (int i = 0; i < NEWBORN_DEAR; i++) {
        assert_int_equal(turns_of_four(),
                         4); /* what waits in the ring would free little */
        goc__runq_push(&one, &ready);
    }
    assert_int_equal(turns_of_four(), 1);
    one.free[one.free_count++] = &ready; /* the memory is there */
    assert_int_equal(turns_of_four(), 4);
}

static void an_old_family_has_its_turn_in_time(void **state)
{
    (void)state;
    spawn(&one, 1, 10);
    struct g *next;
    int decisions = 0;
    do {
        spawn(&one, 2, 20); /* the younger family never ends */
        next = goc__policy_next(&one, NULL);
        if (next == NULL)
            next = goc__policy_look_around(&one);
        assert_true(++decisions <= LOOK_AROUND);
    } while (next->id != 10);
}

static void an_heir_begins_on_the_stack_that_is_there(void **state)
{
    (void)state;
    spawn(&one, 1, 10);
    struct g *first = goc__newborn_start(&one, NULL);
    spawn(&one, 1, 11);
    assert_ptr_equal(goc__newborn_start(&one, first), first);
    assert_int_equal(first->id, 11);
}

static void a_thief_takes_from_the_oldest_family(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 4; i++)
        spawn(&one, 1, 10 + i);
    assert_int_equal(goc__newborn_steal(&other, &one), 2); /* half of an only one */
    assert_int_equal(next_id(&one), 12);
    spawn(&one, 12, 20);
    struct p third = {.id = 3};
    assert_int_equal(goc__newborn_steal(&third, &one), 1); /* all of one of two */
    assert_int_equal(next_id(&third), 13);
    assert_int_equal(next_id(&one), 20);
    assert_int_equal(next_id(&other), 10);
    assert_int_equal(next_id(&other), 11);
    assert_int_equal(goc__newborn_steal(&third, &one), 0);
}

static void none_is_lost_by_way_of_the_global_list(void **state)
{
    (void)state;
    static bool seen[MANY];
    for (uint64_t i = 0; i < MANY; i++)
        spawn(&one, 1 + i % 7, i);
    goc__newborn_share(&one);
    goc__newborn_drain(&one);
    assert_int_equal(one.newborn_count, 0);
    assert_int_equal(goc__sched.queued, MANY);
    for (int i = 0; i < MANY; i++) {
        if (other.newborn_count == 0)
            assert_null(goc__runq_take(&other));
        uint64_t id = next_id(&other);
        assert_false(seen[id]);
        seen[id] = true;
    }
    assert_int_equal(goc__sched.queued, 0);
    assert_int_equal(goc__sched.newborns, 0);
}

static void count(struct g *g, void *argument)
{
    int *found = argument;
    *found += goc__status(g) == G_RUNNABLE && g->id >= 1;
}

static void all_are_found_by_a_dump(void **state)
{
    (void)state;
    int found = 0;
    goc__newborn_each(count, &found);
    int before = found;
    for (uint64_t i = 0; i < 10; i++)
        spawn(&one, 1, 1 + i);
    next_id(&one);
    found = 0;
    goc__newborn_each(count, &found);
    assert_int_equal(found - before, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(of_one_parent_are_served_in_order, reset),
        cmocka_unit_test_setup(of_a_tree_the_youngest_family_is_first, reset),
        cmocka_unit_test_setup(of_two_parents_by_turns_each_is_served_in_order, reset),
        cmocka_unit_test_setup(age_decides_against_the_ring, reset),
        cmocka_unit_test_setup(one_that_needs_memory_lets_a_long_ring_go_first, reset),
        cmocka_unit_test_setup(an_old_family_has_its_turn_in_time, reset),
        cmocka_unit_test_setup(an_heir_begins_on_the_stack_that_is_there, reset),
        cmocka_unit_test_setup(a_thief_takes_from_the_oldest_family, reset),
        cmocka_unit_test_setup(none_is_lost_by_way_of_the_global_list, reset),
        cmocka_unit_test_setup(all_are_found_by_a_dump, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
