/* Pairs of stacks: unordered, added once, and only so many. */
#include "record/seen.h"
#include "unit.h"

static void pairs_have_no_order(void **state)
{
    (void)state;
    assert_false(race__seen(3, 4));
    assert_true(race__seen_add(3, 4));
    assert_true(race__seen(3, 4));
    assert_true(race__seen(4, 3));
    assert_false(race__seen_add(4, 3));
    assert_false(race__seen(3, 5));
    assert_true(race__seen_add(5, 5));
    assert_int_equal(race__seen_count(), 2);
}

static void there_is_an_end(void **state)
{
    (void)state;
    for (uint32_t i = race__seen_count(); i < RACE_SEEN_MAX; i++)
        assert_true(race__seen_add(1000 + i, 9));
    assert_false(race__seen_add(1, 2));
    assert_true(race__seen(1, 2));
    assert_int_equal(race__seen_count(), RACE_SEEN_MAX);
}

static void a_child_has_seen_none(void **state)
{
    (void)state;
    race__seen_forked();
    assert_int_equal(race__seen_count(), 0);
    assert_false(race__seen(3, 4));
    assert_true(race__seen_add(3, 4));
    assert_int_equal(race__seen_count(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_have_no_order),
        cmocka_unit_test(there_is_an_end),
        cmocka_unit_test(a_child_has_seen_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
