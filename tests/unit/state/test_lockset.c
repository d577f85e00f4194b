/* Lock sets: the same locks at the same places are the same number; any may be given back. */
#include "state/lockset.h"
#include "unit.h"

static int locks[200];

static int boot(void **state)
{
    (void)state;
    race__lockset_init();
    return 0;
}

static uint32_t add(uint32_t set, int lock)
{
    return race__lockset_add(set, &locks[lock], true, "mutex", 5);
}

static void sets_are_numbers(void **state)
{
    (void)state;
    uint32_t set = add(add(RACE_LOCKSET_NONE, 1), 2);
    assert_int_equal(add(add(RACE_LOCKSET_NONE, 1), 2), set);
    assert_ptr_equal(race__lockset_top(set)->addr, &locks[2]);
    assert_int_equal(race__lockset_top(set)->leaf, 5);
    assert_true(race__lockset_top(set)->exclusive);
    assert_int_equal(race__lockset_top(set)->below, add(RACE_LOCKSET_NONE, 1));
    assert_int_not_equal(
        race__lockset_add(RACE_LOCKSET_NONE, &locks[1], true, "mutex", 6),
        add(RACE_LOCKSET_NONE, 1));
}

static void any_lock_may_go(void **state)
{
    (void)state;
    uint32_t three = add(add(add(RACE_LOCKSET_NONE, 1), 2), 3);
    assert_int_equal(race__lockset_remove(three, &locks[3]),
                     add(add(RACE_LOCKSET_NONE, 1), 2));
    assert_int_equal(race__lockset_remove(three, &locks[1]),
                     add(add(RACE_LOCKSET_NONE, 2), 3));
    assert_int_equal(race__lockset_remove(three, &locks[9]), three);
    assert_int_equal(race__lockset_remove(RACE_LOCKSET_NONE, &locks[1]),
                     RACE_LOCKSET_NONE);
}

static void a_recursive_lock_is_there_twice(void **state)
{
    (void)state;
    uint32_t twice = add(add(RACE_LOCKSET_NONE, 1), 1);
    assert_int_equal(race__lockset_remove(twice, &locks[1]), add(RACE_LOCKSET_NONE, 1));
}

static void too_many_above_are_lost(void **state)
{
    (void)state;
    uint32_t set = RACE_LOCKSET_NONE;
    for (int i = 0; i < 200; i++)
        set = add(set, i);
    assert_ptr_equal(race__lockset_top(set)->addr, &locks[199]);
    assert_int_equal(race__lockset_remove(set, &locks[0]), RACE_LOCKSET_LOST);
    assert_int_equal(add(RACE_LOCKSET_LOST, 1), RACE_LOCKSET_LOST);
    assert_int_equal(race__lockset_remove(RACE_LOCKSET_LOST, &locks[1]),
                     RACE_LOCKSET_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_numbers),
        cmocka_unit_test(any_lock_may_go),
        cmocka_unit_test(a_recursive_lock_is_there_twice),
        cmocka_unit_test(too_many_above_are_lost),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
