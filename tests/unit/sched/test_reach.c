/* The most that a table's functions take, one below the other. */
#include "os/frame_sizes.h"
#include "sched/reach.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { A = 0x10, B = 0x20, C = 0x30, D = 0x40, NOBODY = 0x50 };

static const unsigned char content[] = {
    A, 0, 0, 0, 0, 0, 0, 0, 100, B, 0, 0, 0, 0, 0, 0, 0, 20,
    C, 0, 0, 0, 0, 0, 0, 0, 30,  D, 0, 0, 0, 0, 0, 0, 0, 40,
};

static const struct frame_sizes sizes = {
    .file = content,
    .file_bytes = sizeof content,
    .from = content,
    .to = content + sizeof content,
};

static int64_t need(uint64_t functions, const uint64_t *words, size_t bytes)
{
    struct goc_reach *reach = malloc(sizeof *reach + bytes);
    assert_non_null(reach);
    *reach = (struct goc_reach){.functions = functions};
    memcpy(reach->words, words, bytes);
    int64_t result = goc__reach_need(reach, &sizes);
    free(reach);
    return result;
}

#define NEED(functions, ...)                                                             \
    need(functions, (const uint64_t[]){__VA_ARGS__},                                     \
         sizeof((const uint64_t[]){__VA_ARGS__}))

static void test_one_takes_its_frame_and_what_is_beside(void **state)
{
    (void)state;
    assert_int_equal(NEED(1, A, 8, 0), 108);
}

static void test_the_longest_chain_counts(void **state)
{
    (void)state;
    /* D calls B and C, C calls B and A, which is the largest. */
    assert_int_equal(NEED(4, A, 8, 0, B, 8, 0, C, 8, 2, 1, 0, D, 16, 2, 1, 2),
                     100 + 8 + 30 + 8 + 40 + 16);
    /* Without A it is the other way. */
    assert_int_equal(NEED(3, B, 8, 0, C, 8, 0, D, 16, 2, 0, 1), 30 + 8 + 40 + 16);
}

static void test_what_is_not_known_is_not_guessed(void **state)
{
    (void)state;
    assert_int_equal(NEED(2, NOBODY, 8, 0, A, 8, 1, 0), -1);
    assert_int_equal(NEED(0, A, 8, 0), -1);
    assert_int_equal(NEED(1, A, 8, 1, 0), -1); /* itself */
    assert_int_equal(NEED(2, A, 8, 1, 1, B, 8, 0), -1);
    assert_int_equal(NEED(REACH_FUNCTIONS_MAX + 1, A, 8, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_takes_its_frame_and_what_is_beside),
        cmocka_unit_test(test_the_longest_chain_counts),
        cmocka_unit_test(test_what_is_not_known_is_not_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
