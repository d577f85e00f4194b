/* report/table.c: what was put is there, at any size. */
#include "report/table.h"
#include "unit.h"

enum { ENTRIES = 10000 };

static void test_empty(void **state)
{
    (void)state;
    struct table table = {0};
    assert_null(table_get(&table, (struct table_key){0}));
    table_fini(&table);
}

static void test_grows(void **state)
{
    (void)state;
    static int values[ENTRIES];
    struct table table = {0};
    for (uint64_t i = 0; i < ENTRIES; i++)
        table_put(&table, (struct table_key){.a = i, .b = i % 3}, &values[i]);
    for (uint64_t i = 0; i < ENTRIES; i++) {
        assert_ptr_equal(table_get(&table, (struct table_key){.a = i, .b = i % 3}),
                         &values[i]);
        assert_null(table_get(&table, (struct table_key){.a = i, .b = 3}));
    }
    table_fini(&table);
}

/* Both numbers count. */
static void test_order_of_numbers(void **state)
{
    (void)state;
    int one = 0;
    int other = 0;
    struct table table = {0};
    table_put(&table, (struct table_key){.a = 1, .b = 2}, &one);
    table_put(&table, (struct table_key){.a = 2, .b = 1}, &other);
    assert_ptr_equal(table_get(&table, (struct table_key){.a = 1, .b = 2}), &one);
    assert_ptr_equal(table_get(&table, (struct table_key){.a = 2, .b = 1}), &other);
    table_fini(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_grows),
        cmocka_unit_test(test_order_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
