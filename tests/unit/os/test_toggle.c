/* A branch that is off until it is switched on. */
#include "os/toggle.h"
#include "unit.h"

static int first(void)
{
    return TOGGLE() ? 1 : 2;
}

static int second(int x)
{
    for (int i = 0; i < 3; i++)
        if (TOGGLE())
            x += 10;
    return x;
}

static void all_places_change_together(void **state)
{
    (void)state;
    assert_int_equal(first(), 2);
    assert_int_equal(second(1), 1);
    assert_int_equal(goc__toggle_on(), 0);
    assert_int_equal(first(), 1);
    assert_int_equal(second(1), 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_places_change_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
