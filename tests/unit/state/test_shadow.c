/* Shadow memory: where cells lie, what a tag holds, and what notes remember. */
#include "shadow.h"
#include "state/shadow.h"
#include "unit.h"

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    return 0;
}

/* Anywhere in the address space, neighbours included, across regions. */
static void every_word_has_its_cell(void **state)
{
    (void)state;
    static const uintptr_t addresses[] = {0x1000,
                                          0x400000,
                                          RACE_REGION_SIZE - 8,
                                          RACE_REGION_SIZE,
                                          0x555555554000,
                                          0x7ffff7fff000,
                                          (UINT64_C(1) << RACE_ADDRESS_BITS) - 8};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        uint64_t *cell = race__shadow_cell(addresses[i]);
        assert_ptr_equal(race__shadow_cell(addresses[i] + 7), cell);
        assert_int_equal(*cell, 0);
        *cell = i + 1;
        race__shadow_enliven(addresses[i]);
        uint64_t *spare = race__shadow_spare(addresses[i]);
        assert_ptr_equal(race__shadow_spare(addresses[i] + 7), spare);
        *spare = i + 100;
    }
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        assert_int_equal(*race__shadow_cell(addresses[i]), i + 1);
        assert_int_equal(*race__shadow_spare(addresses[i]), i + 100);
    }
}

static void untouched_regions_read_as_nothing(void **state)
{
    (void)state;
    uintptr_t addr = UINT64_C(0x300000000000);
    assert_false(race__shadow_is_live(addr));
    assert_int_equal(*race__shadow_spare(addr), 0);
    assert_false(race__shadow_is_live(addr));
    race__shadow_enliven(addr);
    assert_true(race__shadow_is_live(addr));
}

static void tags_keep_their_parts(void **state)
{
    (void)state;
    uint32_t leaf = (1u << RACE_TAG_LEAF_BITS) - 2;
    uint32_t lockset = (1u << RACE_TAG_LOCKSET_BITS) - 3;
    uint64_t tag = race__tag_make(leaf, lockset) | race__tag_bytes(0x1003, 2) |
                   RACE_TAG_WRITE | RACE_TAG_ATOMIC;
    assert_int_equal(race__tag_leaf(tag), leaf);
    assert_int_equal(race__tag_lockset(tag), lockset);
    assert_true((tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT == 0x18);
    assert_true((tag & RACE_TAG_KIND) == (RACE_TAG_WRITE | RACE_TAG_ATOMIC));
    assert_true(race__tag_bytes(0x1000, 8) == RACE_TAG_BYTES);
}

static void notes_are_found(void **state)
{
    (void)state;
    uintptr_t base = UINT64_C(0x200000000000);
    uintptr_t end = base + 3 * RACE_REGION_SIZE;
    assert_int_equal(race__shadow_noted(base, end, RACE_NOTE_MARKS), end);
    uintptr_t there = base + 2 * RACE_REGION_SIZE + UINT64_C(77) * RACE_NOTE_SIZE;
    race__shadow_enliven(there);
    race__shadow_take_note(there + 5, RACE_NOTE_MARKS);
    assert_int_equal(race__shadow_noted(base, end, RACE_NOTE_MARKS), there);
    assert_int_equal(race__shadow_noted(base, end, RACE_NOTE_LINES), end);
    assert_int_equal(race__shadow_noted(there + 100, end, RACE_NOTE_MARKS), there + 100);
    assert_int_equal(race__shadow_noted(there + RACE_NOTE_SIZE, end, RACE_NOTE_MARKS),
                     end);
}

/* Wherever a range begins and ends, and wherever in it the note is: many are asked at once. */
static void each_note_of_a_range_is_found(void **state)
{
    (void)state;
    enum { NOTES = 100 };
    uintptr_t base = UINT64_C(0x280000000000);
    for (unsigned at = 0; at < NOTES; at++) {
        uintptr_t there = base + (uintptr_t)at * RACE_NOTE_SIZE;
        race__shadow_enliven(there);
        uint8_t *note = race__shadow_note(there);
        *note = at % 2 == 0 ? RACE_NOTE_LINES : RACE_NOTE_MARKS;
        for (unsigned first = 0; first < NOTES; first++)
            for (unsigned count = 1; first + count <= NOTES; count++) {
                uintptr_t addr = base + (uintptr_t)first * RACE_NOTE_SIZE;
                uintptr_t end = addr + (uintptr_t)count * RACE_NOTE_SIZE;
                uintptr_t found = there >= addr && there < end ? there : end;
                if (race__shadow_noted(addr, end, RACE_NOTE_MARKS | RACE_NOTE_LINES) !=
                        found ||
                    race__shadow_noted(addr, end, RACE_NOTE_ASKED) != end)
                    fail_msg("note %u, %u from %u on", at, count, first);
            }
        *note = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_has_its_cell),
        cmocka_unit_test(untouched_regions_read_as_nothing),
        cmocka_unit_test(tags_keep_their_parts),
        cmocka_unit_test(notes_are_found),
        cmocka_unit_test(each_note_of_a_range_is_found),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
