/* Random numbers: repeatable from a seed, within bounds, and fair enough. */
#include "base/rand.h"
#include "unit.h"

enum { DRAWS = 80000, SIDES = 8 };

static void repeats_from_a_seed(void **state)
{
    (void)state;
    struct rand a;
    struct rand b;
    rand_seed(&a, 0);
    rand_seed(&b, 0);
    for (int i = 0; i < DRAWS; i++)
        assert_int_equal(rand_next(&a), rand_next(&b));
    rand_seed(&b, 1);
    assert_int_not_equal(rand_next(&a), rand_next(&b));
}

static void is_fair(void **state)
{
    (void)state;
    struct rand rand;
    int seen[SIDES] = {0};
    rand_seed(&rand, 3);
    for (int i = 0; i < DRAWS; i++)
        seen[rand_below(&rand, SIDES)]++;
    for (int i = 0; i < SIDES; i++) /* ten standard deviations */
        assert_in_range(seen[i], DRAWS / SIDES - 1000, DRAWS / SIDES + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_from_a_seed),
        cmocka_unit_test(is_fair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
