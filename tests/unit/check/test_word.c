/* A word: what accesses leave in it, inline and in a crowd, and what fast paths see. */
#include "check/word.h"
#include "state/crowd.h"
#include "state/slab.h"
#include "unit.h"

enum { MANY = 1000 };

static struct race__cell cell;
static struct race__conflicts conflicts;

/* A strand of SLOT that knows nobody else. */
static struct race__view strand(uint32_t slot, uint64_t clock)
{
    return (struct race__view){.own = race__epoch_make(slot, clock)};
}

static bool access_as(const struct race__view *view, unsigned first, size_t size,
                      uint64_t kind, uint32_t leaf)
{
    conflicts.count = 0;
    return race__word_access(&cell, race__tag_bytes(first, size) | kind | leaf, view,
                             &conflicts);
}

static int clear(void **state)
{
    (void)state;
    if (race__crowd_of(&cell).head != NULL)
        race__crowd_close(&cell);
    cell = (struct race__cell){0};
    return 0;
}

static void a_repeated_access_leaves_nothing_more(void **state)
{
    (void)state;
    struct race__view one = strand(1, 1);
    assert_true(access_as(&one, 0, 4, RACE_TAG_WRITE, 5));
    assert_false(access_as(&one, 0, 4, RACE_TAG_WRITE, 6));
    assert_false(access_as(&one, 1, 2, 0, 6));
    assert_int_equal(race__tag_leaf(cell.mark[0].tag), 5);
    assert_int_equal(cell.mark[1].epoch, 0);
    assert_true(race__word_is_same(&cell, one.own, race__tag_bytes(0, 4), true));
    assert_true(race__word_is_same(&cell, one.own, race__tag_bytes(3, 1), false));
    assert_false(race__word_is_same(&cell, one.own, race__tag_bytes(4, 1), false));
    assert_false(
        race__word_is_same(&cell, race__epoch_make(1, 2), race__tag_bytes(0, 1), false));
}

/* Neighbours that the same place touches in the same epoch are one mark. */
static void a_loop_over_bytes_is_one_mark(void **state)
{
    (void)state;
    struct race__view one = strand(1, 1);
    for (unsigned i = 0; i < RACE_WORD_SIZE; i++)
        assert_true(access_as(&one, i, 1, RACE_TAG_WRITE, 5));
    assert_true((cell.mark[0].tag & RACE_TAG_BYTES) == RACE_TAG_BYTES);
    assert_int_equal(cell.mark[1].epoch, 0);
}

static void an_atomic_does_not_stand_for_a_plain_access(void **state)
{
    (void)state;
    struct race__view one = strand(1, 1);
    assert_true(access_as(&one, 0, 4, RACE_TAG_WRITE | RACE_TAG_ATOMIC, 5));
    assert_false(race__word_is_same(&cell, one.own, race__tag_bytes(0, 4), false));
    assert_true(access_as(&one, 0, 4, 0, 6));
    assert_int_equal(race__tag_leaf(cell.mark[1].tag), 6);
}

static void what_is_ordered_goes(void **state)
{
    (void)state;
    struct race__view one = strand(1, 1);
    struct race__view two = strand(2, 1);
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    race__view_acquire(&two, &one);
    assert_true(access_as(&two, 2, 2, RACE_TAG_WRITE, 6));
    assert_int_equal(conflicts.count, 0);
    assert_true((cell.mark[0].tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT == 0xf3);
    assert_true((cell.mark[1].tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT == 0x0c);
    race__view_drop(&two);
}

static void both_sides_of_a_race_stay(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot <= 10; slot++) {
        struct race__view view = strand(slot, 1);
        assert_true(access_as(&view, 0, 4, RACE_TAG_WRITE, 100 + slot));
        assert_int_equal(conflicts.count, slot - 1);
    }
}

static void more_conflicts_than_are_kept(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot <= RACE_CONFLICTS_MAX + 10; slot++) {
        struct race__view view = strand(slot, 1);
        (void)access_as(&view, 0, 4, RACE_TAG_WRITE, 100 + slot);
    }
    assert_int_equal(conflicts.count, RACE_CONFLICTS_MAX);
}

/* Readers without number, then a write that follows all but one of them. */
static void a_crowd_of_readers_is_met_by_a_write(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    struct race__view writer = strand(MANY + 1, 1);
    for (uint32_t slot = 1; slot <= MANY; slot++) {
        struct race__view view = strand(slot, 1);
        assert_true(access_as(&view, 0, 8, 0, slot));
        assert_false(access_as(&view, 0, 8, 0, slot));
        if (slot != 77)
            race__view_acquire(&writer, &view);
    }
    assert_true(access_as(&writer, 0, 8, RACE_TAG_WRITE, 5000));
    assert_int_equal(conflicts.count, 1);
    assert_int_equal(race__tag_leaf(conflicts.conflict[0].prior.tag), 77);
    struct race__view last = strand(77, 1);
    race__view_acquire(&writer, &last);
    writer.own = race__epoch_make(MANY + 1, 2);
    assert_true(access_as(&writer, 0, 8, RACE_TAG_WRITE, 5001));
    assert_int_equal(conflicts.count, 0);
    assert_null(race__crowd_of(&cell).head);
    assert_int_equal(cell.mark[1].epoch, 0);
    race__view_drop(&writer);
    assert_int_equal(race__slab_in_use(), before);
}

/* Two strands take turns, ordered: the crowd that the first turns made does not grow. */
static void turns_do_not_add_up(void **state)
{
    (void)state;
    struct race__view one = strand(1, 1);
    struct race__view two = strand(2, 1);
    for (uint64_t turn = 1; turn < 1000; turn++) {
        one.own = race__epoch_make(1, turn);
        two.own = race__epoch_make(2, turn);
        race__view_acquire(&one, &two);
        for (unsigned byte = 0; byte < RACE_WORD_SIZE; byte++)
            (void)access_as(&one, byte, 1, byte % 2 == 0 ? RACE_TAG_WRITE : 0, byte + 1);
        race__view_acquire(&two, &one);
        for (unsigned byte = 0; byte < RACE_WORD_SIZE; byte++)
            (void)access_as(&two, byte, 1, byte % 3 == 0 ? RACE_TAG_WRITE : 0, byte + 20);
        one.own = race__epoch_make(1, turn + 1);
        two.own = race__epoch_make(2, turn + 1);
    }
    struct race__crowd crowd = race__crowd_of(&cell);
    assert_true(crowd.head == NULL || crowd.half <= 64);
    race__view_drop(&one);
    race__view_drop(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_repeated_access_leaves_nothing_more, clear),
        cmocka_unit_test_setup(a_loop_over_bytes_is_one_mark, clear),
        cmocka_unit_test_setup(an_atomic_does_not_stand_for_a_plain_access, clear),
        cmocka_unit_test_setup(what_is_ordered_goes, clear),
        cmocka_unit_test_setup(both_sides_of_a_race_stay, clear),
        cmocka_unit_test_setup(more_conflicts_than_are_kept, clear),
        cmocka_unit_test_setup(a_crowd_of_readers_is_met_by_a_write, clear),
        cmocka_unit_test_setup(turns_do_not_add_up, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
