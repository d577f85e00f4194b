/* Epochs: both halves come back, and none is nobody's. */
#include "state/epoch.h"
#include "unit.h"

static void halves_come_back(void **state)
{
    (void)state;
    race__epoch epoch = race__epoch_make(RACE_SLOT_MAX, RACE_CLOCK_MAX);
    assert_int_equal(race__epoch_slot(epoch), RACE_SLOT_MAX);
    assert_true(race__epoch_clock(epoch) == RACE_CLOCK_MAX);
    epoch = race__epoch_make(1, 2);
    assert_int_equal(race__epoch_slot(epoch), 1);
    assert_int_equal(race__epoch_clock(epoch), 2);
}

static void none_is_nobodys(void **state)
{
    (void)state;
    assert_true(race__epoch_is_none(race__no_epoch));
    assert_false(race__epoch_is_none(race__epoch_make(1, 1)));
    assert_false(race__epoch_same(race__epoch_make(1, 2), race__epoch_make(2, 1)));
}

static void a_tick_keeps_the_slot(void **state)
{
    (void)state;
    race__epoch epoch = race__epoch_make(7, 41);
    race__epoch next = {epoch.raw + 1};
    assert_true(race__epoch_same(next, race__epoch_make(7, 42)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_come_back),
        cmocka_unit_test(none_is_nobodys),
        cmocka_unit_test(a_tick_keeps_the_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
