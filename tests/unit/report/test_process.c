/* report/process.c: pids that come twice, modules that contradict. */
#include "report/process.h"
#include "unit.h"

static struct arena arena;
static struct processes processes;

static int begin(void **state)
{
    (void)state;
    processes = (struct processes){.arena = &arena};
    return 0;
}

static int end(void **state)
{
    (void)state;
    processes_fini(&processes);
    arena_free(&arena);
    return 0;
}

static void test_both_detectors_are_one_process(void **state)
{
    (void)state;
    struct process *first = process_start(&processes, 7, DETECTOR_GOC);
    assert_ptr_equal(process_start(&processes, 7, DETECTOR_TSAN), first);
    assert_int_equal(first->started, 1u << DETECTOR_GOC | 1u << DETECTOR_TSAN);
    assert_ptr_equal(process_get(&processes, 7), first);
}

static void test_second_start_is_another_run(void **state)
{
    (void)state;
    struct process *first = process_start(&processes, 7, DETECTOR_GOC);
    struct process *second = process_start(&processes, 7, DETECTOR_GOC);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(process_get(&processes, 7), second);
}

/* A log may begin in the middle: records before any "start" count too. */
static void test_unstarted(void **state)
{
    (void)state;
    struct process *process = process_get(&processes, 9);
    assert_false(processes_any_started(&processes));
    assert_ptr_equal(process_start(&processes, 9, DETECTOR_TSAN), process);
    assert_true(processes_any_started(&processes));
}

static void test_modules(void **state)
{
    (void)state;
    struct process *process = process_get(&processes, 7);
    assert_true(process_add_module(process, 3, "/lib/a", "ab"));
    assert_true(process_add_module(process, 3, "/lib/a", "ab"));
    assert_false(process_add_module(process, 3, "/lib/b", NULL));
    assert_true(process_add_module(process, 0, "/bin/p", NULL));
    assert_string_equal(process_module(process, 3)->path, "/lib/a");
    assert_null(process_module(process, 1));
    assert_null(process_module(process, 4));
    assert_null(process_module(process, -1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_detectors_are_one_process, begin, end),
        cmocka_unit_test_setup_teardown(test_second_start_is_another_run, begin, end),
        cmocka_unit_test_setup_teardown(test_unstarted, begin, end),
        cmocka_unit_test_setup_teardown(test_modules, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
