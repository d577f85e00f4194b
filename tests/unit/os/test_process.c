/* Running a helper: input, output, what is missing, what never ends. */
#include "os/process.h"
#include "unit.h"

#include <string.h>

static char output[4096];

static long run(const char *path, const char *script, const char *input, int timeout_ms)
{
    char *const arguments[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
    memset(output, 0, sizeof output);
    return goc__process_run(path, arguments, input, strlen(input), output,
                            sizeof output - 1, timeout_ms);
}

static void passes_input_and_output(void **state)
{
    (void)state;
    assert_int_equal(run("/bin/sh", "tr a-z A-Z", "one\ntwo\n", 10000), 8);
    assert_string_equal(output, "ONE\nTWO\n");
}

static void looks_in_path(void **state)
{
    (void)state;
    assert_int_equal(run("sh", "echo found", "", 10000), 6);
    assert_true(run("no-such-program-anywhere", "", "", 10000) < 0);
    assert_true(run("/no/such/program", "", "", 10000) < 0);
}

static void stops_in_time(void **state)
{
    (void)state;
    assert_int_equal(run("/bin/sh", "echo early; exec tail -f /dev/null", "", 200), 6);
    assert_string_equal(output, "early\n");
}

static void cuts_what_does_not_fit(void **state)
{
    (void)state;
    assert_int_equal(run("/bin/sh", "yes", "", 10000), sizeof output - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_input_and_output),
        cmocka_unit_test(looks_in_path),
        cmocka_unit_test(stops_in_time),
        cmocka_unit_test(cuts_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
