/* Release sequences of more strands than are told apart.  The rest of C11's atomics is held
 * against the specification by tests/trace. */
#include "entry/boot.h"
#include "state/atomics.h"
#include "state/context.h"
#include "unit.h"

enum { STRANDS = RACE_HEADS_MAX + 4 };

static _Alignas(64) int location;
static goc_strand *strands[STRANDS];

static uintptr_t addr(void)
{
    return (uintptr_t)&location;
}

static int boot(void **state)
{
    (void)state;
    race__boot();
    for (int i = 0; i < STRANDS; i++)
        strands[i] = race__strand_new(race__self.strand, RACE_STRAND_GOROUTINE, 1,
                                      RACE_CONTEXT_ROOT);
    return 0;
}

static void store(goc_strand *strand, bool release)
{
    race__line_lock(addr());
    race__atomics_store(strand, addr(), sizeof location, release);
    race__line_unlock(addr());
}

/* Each strand but the first four adds its release by a read-modify-write. */
static void release_by_all(race__epoch epochs[STRANDS])
{
    store(strands[0], false);
    for (int i = 4; i < STRANDS; i++) {
        epochs[i] = strands[i]->view.own;
        race__line_lock(addr());
        race__atomics_modify(strands[i], addr(), sizeof location, true);
        race__line_unlock(addr());
    }
}

static const struct race__view *acquire(goc_strand *strand)
{
    race__line_lock(addr());
    race__atomics_read(strand, addr(), sizeof location, true);
    race__line_unlock(addr());
    return &strand->view;
}

static void all_are_acquired(void **state)
{
    race__epoch epochs[STRANDS];
    (void)state;
    release_by_all(epochs);
    const struct race__view *view = acquire(strands[1]);
    for (int i = 4; i < STRANDS; i++)
        assert_true(race__view_covers(view, epochs[i]));
}

static void a_plain_store_keeps_its_own(void **state)
{
    race__epoch epochs[STRANDS];
    (void)state;
    release_by_all(epochs);
    store(strands[5], false);
    const struct race__view *view = acquire(strands[2]);
    assert_true(race__view_covers(view, epochs[5]));
    assert_false(race__view_covers(view, epochs[4]));
    assert_false(race__view_covers(view, epochs[6]));
}

/* One more head than there is room for: then a store of a strand that is not among them
 * ends nothing, which may order too much. */
static void what_is_lost_orders_too_much(void **state)
{
    race__epoch epochs[STRANDS];
    (void)state;
    release_by_all(epochs);
    race__line_lock(addr());
    race__atomics_modify(strands[3], addr(), sizeof location, true);
    assert_true(race__sync_find(addr())->lost);
    race__line_unlock(addr());
    store(strands[0], false);
    const struct race__view *view = acquire(strands[2]);
    assert_true(race__view_covers(view, epochs[4]));
    store(strands[0], true);
    race__line_lock(addr());
    assert_false(race__sync_find(addr())->lost);
    race__line_unlock(addr());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_acquired),
        cmocka_unit_test(a_plain_store_keeps_its_own),
        cmocka_unit_test(what_is_lost_orders_too_much),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
