/* The rules on two accesses: every kind against every kind. */
#include "check/rules.h"
#include "unit.h"

#include <string.h>

#define READ UINT64_C(0)
#define WRITE RACE_TAG_WRITE
#define LOAD RACE_TAG_ATOMIC
#define STORE (RACE_TAG_ATOMIC | RACE_TAG_WRITE)
#define END (RACE_TAG_WRITE | RACE_TAG_FREE)

static const uint64_t kinds[] = {READ, WRITE, LOAD, STORE, END};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void conflicts_are_as_the_standard_says(void **state)
{
    (void)state;
    static const bool expected[KINDS][KINDS] = {
        /*          read   write  load   store  end */
        /* read  */ {false, true, false, true, true},
        /* write */ {true, true, true, true, true},
        /* load  */ {false, true, false, false, true},
        /* store */ {true, true, false, false, true},
        /* end   */ {true, true, true, true, true},
    };
    for (int a = 0; a < KINDS; a++)
        for (int b = 0; b < KINDS; b++)
            assert_int_equal(race__conflicts(kinds[a], kinds[b]), expected[a][b]);
}

/* The definition of "stands for", over all third kinds. */
static void who_stands_for_another_conflicts_with_all_that_it_does(void **state)
{
    (void)state;
    for (int later = 0; later < KINDS; later++)
        for (int earlier = 0; earlier < KINDS; earlier++) {
            if (!race__stands_for(kinds[later], kinds[earlier]))
                continue;
            for (int third = 0; third < KINDS; third++)
                if (race__conflicts(kinds[earlier], kinds[third]))
                    assert_true(race__conflicts(kinds[later], kinds[third]));
        }
    assert_true(race__stands_for(WRITE, READ));
    assert_true(race__stands_for(STORE, LOAD));
    assert_false(race__stands_for(READ, WRITE));
    assert_false(race__stands_for(STORE, READ));
    assert_false(race__stands_for(WRITE, END));
}

static enum race__rule judge(uint64_t prior, uint64_t tag, bool ordered, bool shared)
{
    struct race__mark mark = {.epoch = race__epoch_make(1, 1).raw, .tag = prior};
    return (enum race__rule)race__judge(mark, tag, ordered, shared).rule;
}

static void order_decides(void **state)
{
    (void)state;
    assert_int_equal(judge(WRITE, WRITE, false, false), RACE_WRITE_WRITE_RACE);
    assert_int_equal(judge(WRITE, READ, false, false), RACE_WRITE_READ_RACE);
    assert_int_equal(judge(READ, WRITE, false, false), RACE_READ_WRITE_RACE);
    assert_int_equal(judge(READ, WRITE, false, true), RACE_SHARED_WRITE_RACE);
    assert_int_equal(judge(READ, READ, false, true), RACE_NO_RULE);
    assert_int_equal(judge(STORE, LOAD, false, false), RACE_NO_RULE);
    assert_int_equal(judge(WRITE, WRITE, true, false), RACE_NO_RULE);
    assert_int_equal(judge(READ, END, false, false), RACE_FREE_RACE);
    assert_int_equal(judge(READ, END, true, false), RACE_NO_RULE);
    assert_int_equal(judge(END, READ, false, false), RACE_FREE_RACE);
    assert_int_equal(judge(END, READ, true, false), RACE_USE_AFTER_FREE);
    assert_int_equal(judge(END, END, true, false), RACE_USE_AFTER_FREE);
}

static void a_conflict_names_the_earlier(void **state)
{
    (void)state;
    struct race__mark mark = {.epoch = race__epoch_make(5, 6).raw, .tag = WRITE | 77};
    struct race__conflict conflict = race__judge(mark, READ, false, false);
    assert_int_equal(conflict.prior.epoch, mark.epoch);
    assert_int_equal(race__tag_leaf(conflict.prior.tag), 77);
    assert_false(conflict.after_free);
    mark.tag = END;
    assert_true(race__judge(mark, READ, true, false).after_free);
    assert_false(race__judge(mark, READ, false, false).after_free);
}

static void the_rule_follows_from_what_was_found(void **state)
{
    (void)state;
    struct race__found found = {0};
    assert_int_equal(race__rule_of(READ, &found), RACE_READ_EXCLUSIVE);
    assert_int_equal(race__rule_of(WRITE, &found), RACE_WRITE_EXCLUSIVE);
    found.reads_kept = 1;
    assert_int_equal(race__rule_of(READ, &found), RACE_READ_SHARE);
    found.reads_kept = 2;
    assert_int_equal(race__rule_of(READ, &found), RACE_READ_SHARED);
    found.reads_gone = 2;
    assert_int_equal(race__rule_of(WRITE, &found), RACE_WRITE_SHARED);
    found.same = 1;
    assert_int_equal(race__rule_of(READ, &found), RACE_READ_SAME_EPOCH);
    assert_int_equal(race__rule_of(WRITE, &found), RACE_WRITE_SAME_EPOCH);
}

static void every_rule_has_a_name(void **state)
{
    (void)state;
    for (int rule = RACE_NO_RULE + 1; rule < RACE_RULE_COUNT; rule++) {
        const char *name = race__rule_name((enum race__rule)rule);
        size_t length = strlen(name);
        bool named = length > 5 && strcmp(name + length - 5, "_RACE") == 0;
        assert_true(strlen(race__rule_text((enum race__rule)rule)) > 0);
        assert_int_equal(race__rule_is_race((enum race__rule)rule),
                         named || rule == RACE_USE_AFTER_FREE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conflicts_are_as_the_standard_says),
        cmocka_unit_test(who_stands_for_another_conflicts_with_all_that_it_does),
        cmocka_unit_test(order_decides),
        cmocka_unit_test(a_conflict_names_the_earlier),
        cmocka_unit_test(the_rule_follows_from_what_was_found),
        cmocka_unit_test(every_rule_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
