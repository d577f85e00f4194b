/* Views: what is known already is not learned again, and merged views know all parts. */
#include "state/slab.h"
#include "state/view.h"
#include "unit.h"

#include <stdbool.h>

static struct race__view strand(uint32_t slot, uint64_t clock)
{
    return (struct race__view){.own = race__epoch_make(slot, clock)};
}

static void acquiring_teaches(void **state)
{
    (void)state;
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_acquire(&a, &b);
    assert_true(race__view_covers(&a, race__epoch_make(2, 7)));
    assert_false(race__view_covers(&a, race__epoch_make(2, 8)));
    assert_true(race__view_covers(&a, race__epoch_make(1, 5)));
    assert_false(race__view_covers(&b, race__epoch_make(1, 5)));
    assert_true(race__epoch_same(a.own, race__epoch_make(1, 5)));
    race__view_drop(&a);
}

static void acquiring_again_changes_nothing(void **state)
{
    (void)state;
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_acquire(&a, &b);
    const race__clock *known = a.known;
    race__view_acquire(&a, &b);
    assert_ptr_equal(a.known, known);
    race__view_drop(&a);
}

static void merged_views_have_no_epoch(void **state)
{
    (void)state;
    struct race__view content = {0};
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_merge(&content, &a);
    assert_true(race__epoch_same(content.own, a.own));
    race__view_merge(&content, &b);
    assert_true(race__epoch_is_none(content.own));
    assert_true(race__view_covers(&content, a.own));
    assert_true(race__view_covers(&content, b.own));
    race__view_drop(&content);
}

/* Whoever knows the last release knows all before it, and takes the place of the rest. */
static void a_merge_keeps_the_epoch_that_knows_all(void **state)
{
    (void)state;
    struct race__view content = {0};
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_merge(&content, &a);
    race__view_acquire(&b, &a);
    race__view_merge(&content, &b);
    assert_true(race__epoch_same(content.own, b.own));
    race__view_drop(&content);
    race__view_drop(&b);
}

static bool has_part(const struct race__view *view, race__epoch epoch)
{
    for (uint32_t i = 0; view->parts != NULL && i < view->parts->count; i++)
        if (race__epoch_same(view->parts->part[i].epoch, epoch))
            return true;
    return false;
}

static void parts_that_another_covers_go(void **state)
{
    (void)state;
    struct race__view a = strand(1, 1);
    struct race__view b = strand(2, 1);
    struct race__view c = strand(3, 1);
    race__view_acquire(&c, &a);
    assert_true(has_part(&c, a.own));
    race__view_acquire(&b, &a);
    race__view_acquire(&c, &b);
    assert_true(has_part(&c, b.own));
    assert_false(has_part(&c, a.own));
    race__view_drop(&b);
    race__view_drop(&c);
}

static void too_many_parts_are_not_kept(void **state)
{
    (void)state;
    struct race__view reader = strand(100, 1);
    for (uint32_t slot = 1; slot <= RACE_PARTS_MAX + 1; slot++) {
        struct race__view other = strand(slot, 1);
        race__view_acquire(&reader, &other);
        assert_int_equal(reader.parts != NULL, slot <= RACE_PARTS_MAX);
    }
    race__view_handed_on(&reader);
    assert_true(has_part(&reader, reader.own));
    assert_int_equal(reader.parts->count, 1);
    race__view_drop(&reader);
}

/* Two chains of strands, each new one acquiring from both: what they know of each other
 * differs by a step everywhere, and no join looks at it. */
static void long_chains_are_not_walked(void **state)
{
    (void)state;
    enum { STRANDS = 50000 };
    struct race__view first = {0};
    struct race__view second = {0};
    for (uint32_t slot = 1; slot <= STRANDS; slot++) {
        struct race__view view = strand(slot, 1);
        race__view_acquire(&view, &first);
        race__view_replace(&first, &view);
        race__view_handed_on(&view);
        view.own = race__epoch_make(slot, 2);
        race__view_acquire(&view, &second);
        race__view_replace(&second, &view);
        race__view_drop(&view);
    }
    for (uint32_t slot = 1; slot < STRANDS; slot++)
        assert_int_equal(race__clock_get(second.known, slot), 2);
    race__view_drop(&first);
    race__view_drop(&second);
}

static void nothing_is_left(void **state)
{
    (void)state;
    assert_int_equal(race__slab_in_use(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acquiring_teaches),
        cmocka_unit_test(acquiring_again_changes_nothing),
        cmocka_unit_test(merged_views_have_no_epoch),
        cmocka_unit_test(a_merge_keeps_the_epoch_that_knows_all),
        cmocka_unit_test(parts_that_another_covers_go),
        cmocka_unit_test(too_many_parts_are_not_kept),
        cmocka_unit_test(long_chains_are_not_walked),
        cmocka_unit_test(nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
