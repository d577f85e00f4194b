/* GOC_DEBUG: what is taken, what is warned about. */
#include "base/knobs.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char warning[4096];

/* Read TEXT as GOC_DEBUG's value; what goes to stderr meanwhile lands in warning. */
static void read_knobs(const char *text)
{
    int ends[2];
    int saved = dup(STDERR_FILENO);
    if (saved < 0 || pipe(ends) != 0) {
        fail();
        return;
    }
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    goc__knobs_read(text);
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t got = read(ends[0], warning, sizeof warning - 1);
    warning[got > 0 ? got : 0] = '\0';
    close(ends[0]);
}

static void takes_numbers_with_units(void **state)
{
    (void)state;
    read_knobs("stack=512K,schedtrace=1000");
    assert_string_equal(warning, "");
    assert_int_equal(goc__knobs.stack, 512 * 1024);
    assert_int_equal(goc__knobs.schedtrace, 1000);
    read_knobs("stack=1M");
    assert_int_equal(goc__knobs.stack, 1024 * 1024);
    read_knobs(NULL);
    assert_int_equal(goc__knobs.stack, 1024 * 1024);
}

static void warns_of_what_it_does_not_know(void **state)
{
    (void)state;
    read_knobs("stak=512K,,schedtrace=7");
    assert_non_null(strstr(warning, "GOC_DEBUG has no key \"stak\""));
    assert_int_equal(goc__knobs.schedtrace, 7);
}

static void warns_of_bad_values(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "stack",       "stack=",   "stack=1",
        "stack=9999G", "stack=-1", "stack=99999999999999999999",
        "stack=512KB"};
    read_knobs("stack=300K");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        read_knobs(bad[i]);
        assert_non_null(strstr(warning, "ignored"));
        assert_int_equal(goc__knobs.stack, 300 * 1024);
    }
}

static void lists_itself(void **state)
{
    (void)state;
    read_knobs("help=1");
    assert_non_null(strstr(warning, "schedtrace"));
    assert_non_null(strstr(warning, "stack"));
}

static void parses_numbers(void **state)
{
    (void)state;
    int64_t value = -1;
    assert_int_equal(goc__knobs_number("12", &value), 0);
    assert_int_equal(value, 12);
    assert_int_equal(goc__knobs_number("2g,x", &value), 0);
    assert_int_equal(value, INT64_C(2) << 30);
    assert_int_equal(goc__knobs_number("x", &value), -1);
    assert_int_equal(goc__knobs_number("9223372036854775807", &value), 0);
    assert_int_equal(goc__knobs_number("9223372036854775808", &value), -1);
    assert_int_equal(goc__knobs_number("9223372036854775807K", &value), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_numbers_with_units),
        cmocka_unit_test(warns_of_what_it_does_not_know),
        cmocka_unit_test(warns_of_bad_values),
        cmocka_unit_test(lists_itself),
        cmocka_unit_test(parses_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
