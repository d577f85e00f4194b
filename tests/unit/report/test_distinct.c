/* report/distinct.c: the three rules by which sightings are one race. */
#include "races.h"
#include "report/distinct.h"
#include "unit.h"

static const uint32_t here[] = {10, 20};
static const uint32_t there[] = {30, 40};

static struct arena arena;
static struct distinct_set set;
static struct process process = {.pid = 7};
static struct made_race made[4];

static int begin(void **state)
{
    (void)state;
    set = (struct distinct_set){.arena = &arena};
    return 0;
}

static int end(void **state)
{
    (void)state;
    distinct_fini(&set);
    arena_free(&arena);
    return 0;
}

static struct distinct *add(int index)
{
    bool kept = false;
    return distinct_add(&set, &made[index].race, &kept);
}

static void test_same_stacks(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_GOC, "f", here);
    make_race(&made[1], &process, DETECTOR_TSAN, "f", here);
    made[1].race.accesses[0].addr = 0x2000; // another element, the same code
    make_race(&made[2], &process, DETECTOR_GOC, "f", there);
    struct distinct *race = add(0);
    assert_ptr_equal(add(1), race);
    assert_ptr_not_equal(add(2), race);
    assert_int_equal(set.count, 2);
    assert_int_equal(set.sightings, 3);
    assert_int_equal(race->seen_by, 1u << DETECTOR_GOC | 1u << DETECTOR_TSAN);
    assert_int_equal(race->sightings, 2);
}

/* Which access came second does not matter, nor do machine addresses. */
static void test_unordered(void **state)
{
    (void)state;
    const uint32_t turned[] = {20, 10};
    make_race(&made[0], &process, DETECTOR_GOC, "f", here);
    make_race(&made[1], &process, DETECTOR_GOC, "f", turned);
    made[1].frames[0][0].offset = 0x77;
    assert_ptr_equal(add(0), add(1));
    assert_int_equal(distinct_id(set.first), distinct_id(set.first));
}

static void test_outer_frames_tell(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_GOC, "f", here);
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    made[1].frames[0][1].line++;
    assert_ptr_not_equal(add(0), add(1));
}

/* Rule 2: TSan could not restore a stack. */
static void test_missing_stack(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_TSAN, "f", here);
    made[0].race.accesses[1].stack = (struct stack){0};
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    make_race(&made[2], &process, DETECTOR_GOC, "f", there);
    struct distinct *race = add(0);
    assert_ptr_equal(add(1), race);
    assert_ptr_equal(race->race, &made[1].race); // says more
    assert_ptr_not_equal(add(2), race);
    assert_ptr_equal(add(0), race);
}

static void test_missing_stack_elsewhere(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_TSAN, "f", here);
    made[0].race.accesses[1].stack = (struct stack){0};
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    made[1].race.accesses[0].addr = 0x2000;
    assert_ptr_not_equal(add(0), add(1));
}

/* Rule 3: the same lines, another column and another way there. */
static void test_detectors_disagree(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_TSAN, "f", here);
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    made[1].frames[0][0].column = 12;
    made[1].frames[0][1].line = 99;
    struct distinct *race = add(0);
    assert_ptr_equal(add(1), race);
    assert_ptr_equal(add(1), race); // and again, though both have seen it now
    assert_ptr_equal(add(0), race);
    assert_ptr_equal(race->race, &made[1].race); // goc knows more of locks and blocks
    assert_int_equal(set.count, 1);
}

/* Hoisted out of a loop: no line, and no inlined function. */
static void test_moved_code(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_TSAN, "f", here);
    made[0].frames[0][0].line = 0;
    made[0].frames[0][0].function = "g";
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    assert_ptr_equal(add(0), add(1));
    make_race(&made[2], &process, DETECTOR_GOC, "f", there);
    assert_ptr_not_equal(add(2), add(0));
}

static void test_one_detector_means_it(void **state)
{
    (void)state;
    make_race(&made[0], &process, DETECTOR_GOC, "f", here);
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    made[1].frames[0][0].column = 12;
    assert_ptr_not_equal(add(0), add(1));
}

static void test_no_stacks(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        make_race(&made[i], &process, DETECTOR_TSAN, "f", here);
        made[i].race.accesses[0].stack = (struct stack){0};
        made[i].race.accesses[1].stack = (struct stack){0};
    }
    made[2].race.accesses[0].addr = 0x2000;
    struct distinct *race = add(0);
    assert_ptr_equal(add(1), race);
    assert_ptr_not_equal(add(2), race);
}

static void test_kept(void **state)
{
    (void)state;
    bool kept = false;
    make_race(&made[0], &process, DETECTOR_GOC, "f", here);
    make_race(&made[1], &process, DETECTOR_GOC, "f", here);
    distinct_add(&set, &made[0].race, &kept);
    assert_true(kept);
    distinct_add(&set, &made[1].race, &kept);
    assert_false(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_stacks, begin, end),
        cmocka_unit_test_setup_teardown(test_unordered, begin, end),
        cmocka_unit_test_setup_teardown(test_outer_frames_tell, begin, end),
        cmocka_unit_test_setup_teardown(test_missing_stack, begin, end),
        cmocka_unit_test_setup_teardown(test_missing_stack_elsewhere, begin, end),
        cmocka_unit_test_setup_teardown(test_detectors_disagree, begin, end),
        cmocka_unit_test_setup_teardown(test_moved_code, begin, end),
        cmocka_unit_test_setup_teardown(test_one_detector_means_it, begin, end),
        cmocka_unit_test_setup_teardown(test_no_stacks, begin, end),
        cmocka_unit_test_setup_teardown(test_kept, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
