/* A read of a piece of a line looks at cells without their locks. */
#include "check/sweep.h"
#include "entry/boot.h"
#include "state/cell.h"
#include "unit.h"

#define LEAF 1u
#define BLOCK 1000u // of moments: nobody has had it

static _Alignas(RACE_LINE_SIZE) char line[RACE_LINE_SIZE];
static goc_strand *self;

static int boot(void **state)
{
    (void)state;
    race__boot();
    race__strand_expect_orphans(); // nobody is alone
    self = race__self.strand;
    race__shadow_enliven((uintptr_t)line);
    return 0;
}

/* Each word has one mark, a write of MOMENT. */
static bool joins_behind(uint32_t moment)
{
    uintptr_t addr = (uintptr_t)line;
    for (unsigned i = 0; i < RACE_LINE_SIZE; i += RACE_WORD_SIZE)
        *race__shadow_cell(addr + i) =
            race__cell_plain(RACE_CELL_BYTES, true, moment, LEAF);
    return race__sweep_join(self, addr, addr + RACE_LINE_SIZE, race__tag_make(LEAF, 0));
}

static void what_is_known_is_passed(void **state)
{
    (void)state;
    assert_true(joins_behind(race__strand_moment(self)));
}

/* As a reader finds a mark that others have moved on meanwhile, whose block has ended. */
static void of_a_block_that_has_ended_nothing_is_known(void **state)
{
    (void)state;
    assert_false(joins_behind(BLOCK << RACE_MOMENT_SHIFT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_is_passed),
        cmocka_unit_test(of_a_block_that_has_ended_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
