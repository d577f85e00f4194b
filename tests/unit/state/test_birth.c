/* Births: kept for long after their strands, for ever while somebody needs them, and never
 * another's. */
#include "state/birth.h"
#include "unit.h"

enum { PAGE_RECORDS = 128, RUN_RECORDS = 65536 };

static int boot(void **state)
{
    (void)state;
    race__birth_init();
    return 0;
}

static uint32_t begin(uint64_t name, uint32_t parent)
{
    uint32_t number = race__birth_begin();
    race__birth_write(number, &(struct race__birth){.name = name,
                                                    .parent = parent,
                                                    .first_clock = RACE_CLOCK_MAX,
                                                    .leaf = (1u << 28) - 1,
                                                    .previous = number - 1,
                                                    .same = number,
                                                    .kind = 3});
    return number;
}

static void begin_and_end(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        race__birth_end(begin(i, 0));
}

static void records_say_what_was_written(void **state)
{
    (void)state;
    uint32_t parent = begin(7, 0);
    uint32_t number = begin(UINT64_C(1) << 50, parent);
    struct race__birth birth = race__birth_at(number);
    assert_true(birth.name == UINT64_C(1) << 50);
    assert_true(birth.first_clock == RACE_CLOCK_MAX);
    assert_int_equal(birth.leaf, (1u << 28) - 1);
    assert_int_equal(birth.parent, parent);
    assert_int_equal(birth.previous, number - 1);
    assert_int_equal(birth.same, number);
    assert_int_equal(birth.kind, 3);
    assert_int_equal(race__birth_at(0).same, 0);
    race__birth_end(number);
    race__birth_end(parent);
    assert_true(race__birth_is_kept(number));
}

static void who_lives_and_who_made_him_stay(void **state)
{
    (void)state;
    uint32_t parent = begin(1, 0);
    begin_and_end(PAGE_RECORDS);
    uint32_t alive = begin(2, parent);
    begin_and_end(PAGE_RECORDS);
    uint32_t ended = begin(3, 0);
    race__birth_end(parent);
    race__birth_end(ended);
    begin_and_end(RACE_BIRTHS_KEPT / 2);
    assert_true(race__birth_is_kept(ended));
    begin_and_end(RACE_BIRTHS_KEPT);
    assert_false(race__birth_is_kept(ended));
    assert_int_equal(race__birth_at(ended).same, 0);
    assert_true(race__birth_at(alive).name == 2);
    assert_true(race__birth_at(parent).name == 1);
    race__birth_end(alive);
    assert_false(race__birth_is_kept(alive));
    assert_false(race__birth_is_kept(parent));
}

/* A run goes together, not before so many more have begun, and without the pages that stay. */
static void runs_go_together(void **state)
{
    (void)state;
    while (race__birth_next % RUN_RECORDS != 0)
        begin_and_end(1);
    uint32_t first = begin(6, 0);
    race__birth_end(first);
    begin_and_end(RUN_RECORDS / 2);
    uint32_t alive = begin(7, 0);
    uint32_t beside = begin(8, 0);
    race__birth_end(beside);
    begin_and_end(first + RUN_RECORDS - 1 - race__birth_next);
    uint32_t last = begin(9, 0);
    race__birth_end(last);
    assert_int_equal(last, first + RUN_RECORDS - 1);
    begin_and_end(RACE_BIRTHS_KEPT);
    assert_true(race__birth_is_kept(first) && race__birth_is_kept(last));
    begin_and_end(1);
    assert_false(race__birth_is_kept(first) || race__birth_is_kept(last));
    assert_true(race__birth_is_kept(alive) && race__birth_is_kept(beside));
    race__birth_end(alive);
    assert_false(race__birth_is_kept(alive) || race__birth_is_kept(beside));
}

/* Numbers begin again after 4 billion, and places after 268 million. */
static void numbers_come_around(void **state)
{
    (void)state;
    race__birth_next = 5 * PAGE_RECORDS;
    uint32_t alive = begin(4, 0);
    race__birth_next = UINT32_MAX - 3 * PAGE_RECORDS;
    for (int i = 0; i < 20 * PAGE_RECORDS; i++) {
        uint32_t number = begin(5, 0);
        assert_int_not_equal(number, 0);
        assert_int_not_equal(number / PAGE_RECORDS, alive / PAGE_RECORDS);
        assert_int_equal(race__birth_at(number).same, number);
        race__birth_end(number);
    }
    assert_true(race__birth_next < 30 * PAGE_RECORDS);
    assert_true(race__birth_at(alive).name == 4);
    race__birth_end(alive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_say_what_was_written),
        cmocka_unit_test(who_lives_and_who_made_him_stay),
        cmocka_unit_test(runs_go_together),
        cmocka_unit_test(numbers_come_around),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
