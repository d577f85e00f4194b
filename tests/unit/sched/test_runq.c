/* The queues and the policy over them, on Ps that no M holds. */
#include "sched/policy.h"
#include "sched/sched.h"
#include "unit.h"

#include <string.h>

enum { MANY = 3 * RUNQ_CAPACITY };

static struct p one;
static struct p other;
static struct g gs[MANY];

static int reset(void **state)
{
    (void)state;
    memset(&one, 0, sizeof one);
    memset(&other, 0, sizeof other);
    /* The rings' ends may be anywhere; also where they wrap. */
    one.head = one.tail = UINT32_MAX - 3;
    goc__sched.queue_first = NULL;
    goc__sched.queue_last = NULL;
    goc__sched.queued = 0;
    return 0;
}

static void push(struct p *p, int from, int to)
{
    for (int i = from; i < to; i++)
        goc__runq_push(p, &gs[i]);
}

static void is_first_in_first_out(void **state)
{
    (void)state;
    assert_null(goc__runq_pop(&one));
    push(&one, 0, RUNQ_CAPACITY);
    assert_int_equal(goc__runq_length(&one), RUNQ_CAPACITY);
    for (int i = 0; i < RUNQ_CAPACITY; i++)
        assert_ptr_equal(goc__runq_pop(&one), &gs[i]);
    assert_null(goc__runq_pop(&one));
}

static void overflows_to_the_global_queue(void **state)
{
    (void)state;
    push(&one, 0, RUNQ_CAPACITY + 1);
    assert_int_equal(goc__runq_length(&one), RUNQ_CAPACITY / 2);
    assert_int_equal(goc__sched.queued, RUNQ_CAPACITY / 2 + 1);
    assert_ptr_equal(goc__sched.queue_first, &gs[0]);
    assert_ptr_equal(goc__sched.queue_last, &gs[RUNQ_CAPACITY]);
    assert_ptr_equal(goc__runq_pop(&one), &gs[RUNQ_CAPACITY / 2]);
}

static void loses_none(void **state)
{
    (void)state;
    static bool seen[MANY];
    memset(seen, 0, sizeof seen);
    push(&one, 0, MANY);
    for (int i = 0; i < MANY; i++) {
        struct g *g = goc__runq_pop(&one);
        if (g == NULL)
            g = goc__runq_take(&one);
        assert_non_null(g);
        assert_false(seen[g - gs]);
        seen[g - gs] = true;
    }
    assert_null(goc__runq_take(&one));
    assert_null(goc__sched.queue_last);
}

static void takes_a_fair_part(void **state)
{
    (void)state;
    uint32_t limit = goc__sched.limit;
    goc__sched.limit = 4;
    for (int i = 0; i < 40; i++)
        goc__runq_append(&gs[i]);
    assert_ptr_equal(goc__runq_take(&one), &gs[0]);
    assert_int_equal(goc__runq_length(&one), 10);
    assert_int_equal(goc__sched.queued, 29);
    assert_ptr_equal(goc__runq_pop(&one), &gs[1]);
    goc__sched.limit = limit;
}

static void takes_no_more_than_fits(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++)
        goc__runq_append(&gs[i]);
    push(&one, 0, 0);
    one.tail = one.head + RUNQ_CAPACITY - 2; /* room for two, and one to run */
    assert_non_null(goc__runq_take(&one));
    assert_true(goc__runq_length(&one) <= RUNQ_CAPACITY);
}

static void steals_half_and_the_oldest(void **state)
{
    (void)state;
    push(&one, 0, 5);
    assert_int_equal(goc__runq_steal(&other, &one), 3);
    assert_ptr_equal(goc__runq_pop(&other), &gs[0]);
    assert_ptr_equal(goc__runq_pop(&other), &gs[1]);
    assert_ptr_equal(goc__runq_pop(&other), &gs[2]);
    assert_ptr_equal(goc__runq_pop(&one), &gs[3]);
    assert_int_equal(goc__runq_steal(&other, &one), 1);
    assert_int_equal(goc__runq_length(&one), 0);
}

static void steals_runnext_last(void **state)
{
    (void)state;
    one.runnext = &gs[9];
    push(&one, 0, 1);
    assert_int_equal(goc__runq_steal(&other, &one), 1);
    assert_ptr_equal(goc__runq_pop(&other), &gs[0]);
    assert_ptr_equal(one.runnext, &gs[9]);
    assert_int_equal(goc__runq_steal(&other, &one), 1);
    assert_ptr_equal(goc__runq_pop(&other), &gs[9]);
    assert_int_equal(goc__runq_steal(&other, &one), 0);
}

static void shares_half(void **state)
{
    (void)state;
    push(&one, 0, 1);
    goc__runq_share(&one);
    assert_int_equal(goc__sched.queued, 0);
    push(&one, 1, 5);
    goc__runq_share(&one);
    assert_int_equal(goc__sched.queued, 2);
    assert_ptr_equal(goc__sched.queue_first, &gs[0]);
}

static void drains(void **state)
{
    (void)state;
    push(&one, 0, 3);
    one.runnext = &gs[3];
    goc__runq_drain(&one);
    assert_false(goc__p_has_work(&one));
    assert_int_equal(goc__sched.queued, 4);
    goc__runq_drain(&one);
    assert_int_equal(goc__sched.queued, 4);
}

static void who_was_readied_last_is_next(void **state)
{
    (void)state;
    assert_false(goc__policy_add(&one, &gs[0], POLICY_READIED));
    assert_true(goc__policy_add(&one, &gs[1], POLICY_SPAWNED));
    assert_false(goc__policy_add(&one, &gs[2], POLICY_YIELDED));
    assert_ptr_equal(goc__policy_next(&one, NULL), &gs[1]);
    assert_ptr_equal(goc__policy_next(&one, NULL), &gs[0]);
    assert_ptr_equal(goc__policy_next(&one, NULL), &gs[2]);
    assert_null(goc__policy_next(&one, NULL));
}

/* Two that wake each other do not keep a third from running. */
static void looks_around_in_time(void **state)
{
    (void)state;
    goc__runq_push(&one, &gs[2]);
    int decisions = 0;
    struct g *next;
    do {
        goc__policy_add(&one, &gs[decisions % 2], POLICY_READIED);
        next = goc__policy_next(&one, NULL);
        if (next == NULL)
            next = goc__policy_look_around(&one);
        assert_true(++decisions <= LOOK_AROUND);
    } while (next != &gs[2]);
    assert_int_equal(decisions, LOOK_AROUND);
    assert_int_equal(one.tick, LOOK_AROUND);
}

static void attention_makes_it_look_around(void **state)
{
    (void)state;
    goc__policy_add(&one, &gs[0], POLICY_READIED);
    one.attention = ATTENTION_SHARE;
    assert_null(goc__policy_next(&one, NULL));
    assert_ptr_equal(goc__policy_look_around(&one), &gs[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(is_first_in_first_out, reset),
        cmocka_unit_test_setup(overflows_to_the_global_queue, reset),
        cmocka_unit_test_setup(loses_none, reset),
        cmocka_unit_test_setup(takes_a_fair_part, reset),
        cmocka_unit_test_setup(takes_no_more_than_fits, reset),
        cmocka_unit_test_setup(steals_half_and_the_oldest, reset),
        cmocka_unit_test_setup(steals_runnext_last, reset),
        cmocka_unit_test_setup(shares_half, reset),
        cmocka_unit_test_setup(drains, reset),
        cmocka_unit_test_setup(who_was_readied_last_is_next, reset),
        cmocka_unit_test_setup(looks_around_in_time, reset),
        cmocka_unit_test_setup(attention_makes_it_look_around, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
