/* Slots: reused where the new strand follows all that the old one left, and only there. */
#include "state/slot.h"
#include "unit.h"

enum { SLOTS = 200 };

static int boot(void **state)
{
    (void)state;
    race__slot_max = SLOTS;
    race__slot_init();
    return 0;
}

static race__epoch take(race__clock *known, uint32_t birth, uint32_t *previous)
{
    struct race__view view = {.known = known, .own = race__no_epoch};
    return race__slot_take(&view, birth, previous);
}

static void slots_are_new_while_nobody_knows_the_end(void **state)
{
    (void)state;
    uint32_t previous;
    race__epoch first = take(NULL, 1, &previous);
    assert_int_equal(previous, 0);
    assert_int_equal(race__epoch_clock(first), 1);
    race__epoch last = {first.raw + 4};
    race__slot_give((race__epoch){first.raw + 5}, last);
    race__epoch other = take(NULL, 2, &previous);
    assert_int_not_equal(race__epoch_slot(other), race__epoch_slot(first));
    /* Knowing almost all is not enough. */
    race__clock *known =
        race__clock_raise(NULL, (race__epoch){last.raw - 1}, race__no_epoch);
    race__epoch third = take(known, 3, &previous);
    assert_int_not_equal(race__epoch_slot(third), race__epoch_slot(first));
    known = race__clock_raise(known, last, race__no_epoch);
    race__epoch again = take(known, 4, &previous);
    assert_int_equal(race__epoch_slot(again), race__epoch_slot(first));
    assert_int_equal(race__epoch_clock(again), race__epoch_clock(first) + 6);
    assert_int_equal(previous, 1);
    assert_int_equal(race__slot_birth(race__epoch_slot(again)), 4);
    race__clock_drop(known);
}

static void who_left_nothing_leaves_the_slot_to_anybody(void **state)
{
    (void)state;
    uint32_t previous;
    race__epoch first = take(NULL, 5, &previous);
    race__slot_give(first, race__no_epoch);
    race__epoch again = take(NULL, 6, &previous);
    assert_int_equal(race__epoch_slot(again), race__epoch_slot(first));
    assert_int_equal(race__epoch_clock(again), race__epoch_clock(first) + 1);
}

static void a_worn_out_slot_is_left_alone(void **state)
{
    (void)state;
    uint32_t previous;
    race__epoch first = take(NULL, 7, &previous);
    uint32_t slot = race__epoch_slot(first);
    race__slot_give(race__epoch_make(slot, RACE_CLOCK_MAX), race__no_epoch);
    for (int i = 0; i < 20; i++)
        assert_int_not_equal(race__epoch_slot(take(NULL, 8, &previous)), slot);
}

/* The last test: nothing orders strands on one slot any more. */
static void where_no_slot_is_left_strands_go_on(void **state)
{
    (void)state;
    uint32_t previous;
    assert_false(race__slots_mixed());
    while (race__slot_count() + 1 < SLOTS) {
        race__epoch first = take(NULL, 9, &previous);
        race__slot_give((race__epoch){first.raw + 1}, first);
    }
    assert_false(race__slots_mixed());
    for (int i = 0; i < 2 * SLOTS; i++) {
        race__epoch first = take(NULL, 10, &previous);
        race__slot_give((race__epoch){first.raw + 1}, first);
    }
    assert_true(race__slots_mixed());
    assert_true(race__slot_count() < SLOTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_are_new_while_nobody_knows_the_end),
        cmocka_unit_test(who_left_nothing_leaves_the_slot_to_anybody),
        cmocka_unit_test(a_worn_out_slot_is_left_alone),
        cmocka_unit_test(where_no_slot_is_left_strands_go_on),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
