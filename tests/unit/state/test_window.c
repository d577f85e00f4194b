/* The window for accesses: what those find who may not look. */
#include "base/flags.h"
#include "shadow.h"
#include "state/cell.h"
#include "state/window.h"
#include "unit.h"

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    race__flags_read("budget=1%");
    race__window_init();
    return 0;
}

static uint64_t cell_behind(uintptr_t words)
{
    return load_relaxed(race__shadow_cell(words * RACE_WORD_SIZE));
}

/* It is open at first, so that more than the budget has been spent at the first look. */
static void a_question_of_several_cells_is_answered_while_it_is_closed(void **state)
{
    (void)state;
    assert_true(race__window_cells() != 0);
    race__window_look();
    assert_true(race__window_cells() == 0);
    for (uintptr_t word = 0; word < RACE_INLINE_CELLS; word++)
        assert_true(race__cell_knows(cell_behind(word), RACE_EXPECT_CLOSED,
                                     RACE_CELL_BYTES, true));
    assert_true(cell_behind(RACE_INLINE_CELLS) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_of_several_cells_is_answered_while_it_is_closed),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
