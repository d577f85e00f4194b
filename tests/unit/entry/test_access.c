/* Accesses by wrappers of libc's functions: of how many bytes, the program says. */
#include "entry/access.h"
#include "entry/boot.h"
#include "state/strand.h"
#include "unit.h"

#define PLACE ((const void *)&boot)

static _Alignas(RACE_WORD_SIZE) char data[RACE_WORD_SIZE];

static int boot(void **state)
{
    (void)state;
    race__boot();
    race__strand_expect_orphans(); // nobody is alone
    return 0;
}

static uint64_t cell_of(const void *addr)
{
    return *race__shadow_cell((uintptr_t)addr);
}

/* Nowhere: realloc(NULL, …) reads nothing of no block, from all threads. */
static void no_bytes_leave_no_mark(void **state)
{
    (void)state;
    race__read(NULL, 0, PLACE);
    assert_int_equal(cell_of(NULL), 0);
    race__read(data, 0, PLACE);
    race__write(data, 0, PLACE);
    assert_int_equal(cell_of(data), 0);
    race__write(data, 1, PLACE);
    assert_int_not_equal(cell_of(data), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bytes_leave_no_mark),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
