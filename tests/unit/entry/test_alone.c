/* A runtime's events while there is one strand: what they need not do. */
#include "entry/access.h"
#include "entry/boot.h"
#include "entry/events.h"
#include "state/order.h"
#include "unit.h"

#define PLACE ((const void *)&boot)

static int boot(void **state)
{
    (void)state;
    race__boot();
    race__on_strand_name_goroutine(1);
    return 0;
}

static bool is_unmarked(const void *addr)
{
    return *race__shadow_cell((uintptr_t)addr) == 0;
}

/* Main is, as goroutine 1 too. */
static void its_accesses_leave_no_marks(void **state)
{
    (void)state;
    static _Alignas(8) int number;
    static _Alignas(8) unsigned char area[GOC_RACE_TOUCH_SIZE];
    assert_true(race__strand_is_alone());
    race__write(&number, sizeof number, PLACE);
    assert_true(is_unmarked(&number));
    for (int i = 0; i < 3; i++) {
        race__on_touch(area, PLACE);
        race__on_touch_begin(area, PLACE, true);
        race__on_touch_end();
    }
    for (size_t at = 0; at < sizeof area; at += RACE_WORD_SIZE)
        assert_true(is_unmarked(&area[at]));
}

/* But for what others left. */
static void it_trades_with_itself_for_nothing(void **state)
{
    (void)state;
    struct goc_race_slot slot = {0};
    struct race__slot_content *content = (struct race__slot_content *)&slot;
    goc_strand *only = race__on_strand_current();
    race__on_trade(&slot);
    race__epoch left = content->left.own;
    race__epoch own = only->view.own;
    race__on_trade(&slot);
    assert_true(race__epoch_same(content->left.own, left));
    assert_true(race__epoch_same(only->view.own, own));

    goc_strand *other = race__on_strand_spawn(2, PLACE);
    assert_true(race__view_covers(&other->view, own));
    own = only->view.own;
    race__on_trade(&slot);
    assert_true(race__epoch_same(content->left.own, own));
    assert_false(race__epoch_same(only->view.own, own));
    race__on_strand_switch(other);
    own = other->view.own;
    race__on_trade(&slot);
    race__on_strand_switch(only);
    race__on_strand_end(other);

    assert_true(race__strand_is_alone());
    race__strand_settle(only);
    assert_false(race__view_covers(&only->view, own));
    race__on_trade(&slot);
    assert_true(race__view_covers(&only->view, own));
    race__on_slots_end(&slot, 1);
}

/* For good: so it is the last one here. */
static void it_is_alone_no_more_once_orphans_are_expected(void **state)
{
    (void)state;
    static _Alignas(8) int number;
    race__write(&number, sizeof number, PLACE);
    race__on_expect_orphans();
    assert_false(race__strand_is_alone());
    race__write(&number, sizeof number, PLACE);
    assert_false(is_unmarked(&number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_accesses_leave_no_marks),
        cmocka_unit_test(it_trades_with_itself_for_nothing),
        cmocka_unit_test(it_is_alone_no_more_once_orphans_are_expected),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
