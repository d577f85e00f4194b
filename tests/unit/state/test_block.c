/* Blocks: found by their first byte when freed and by any byte when reported. */
#include "shadow.h"
#include "state/block.h"
#include "state/strand.h"
#include "unit.h"

static _Alignas(4096) char memory[64 * 1024];

static uintptr_t at(size_t offset)
{
    return (uintptr_t)&memory[offset];
}

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    race__block_add(at(0), 40000, "heap", 1, 10);
    race__block_add(at(100), 50, "channel", 2, 20);
    race__block_add(at(160), 0, "heap", 3, 30);
    return 0;
}

static void any_byte_leads_to_the_innermost(void **state)
{
    struct race__block block;
    (void)state;
    assert_true(race__block_find(at(39999), &block));
    assert_int_equal(block.addr, at(0));
    assert_int_equal(block.leaf, 10);
    assert_true(race__block_find(at(149), &block));
    assert_int_equal(block.addr, at(100));
    assert_string_equal(race__block_kind(&block), "channel");
    assert_true(race__block_find(at(150), &block));
    assert_int_equal(block.addr, at(0));
    assert_true(race__block_find(at(160), &block));
    assert_int_equal(block.birth, 3);
    assert_false(race__block_find(at(40000), &block));
    assert_false(race__block_find(0x1234, &block));
}

static void the_end_is_remembered(void **state)
{
    struct race__block block;
    bool noted;
    (void)state;
    assert_int_equal(race__block_size(at(100)), 50);
    assert_int_equal(race__block_size(at(101)), 0);
    assert_int_equal(race__block_free(at(101), 9, 90, &noted), 0);
    assert_int_equal(race__block_free(at(100), 9, 90, &noted), 50);
    assert_int_equal(race__block_free(at(100), 9, 90, &noted), 0);
    assert_int_equal(race__block_size(at(100)), 0);
    assert_true(race__block_find(at(120), &block));
    assert_true(block.freed);
    assert_int_equal(block.freed_birth, 9);
    assert_int_equal(block.freed_leaf, 90);
    race__block_add(at(100), 60, "heap", 4, 40);
    assert_true(race__block_find(at(155), &block));
    assert_false(block.freed);
}

/* Of the block of 50 bytes that begins at 200, at its end. */
static bool is_noted(void)
{
    bool noted;
    assert_int_equal(race__block_free(at(200), 1, 20, &noted), 50);
    return noted;
}

/* Who is alone takes no notes; what a block saw of such times is known at its end. */
static void a_block_that_was_used_alone_has_no_notes(void **state)
{
    (void)state;
    goc_strand strand = {.view.own = race__epoch_make(1, 1), .expect = RACE_EXPECT_NEVER};
    race__strands_alive = 2;
    race__block_add(at(200), 50, "heap", 1, 10);
    assert_true(is_noted());
    race__block_add(at(200), 50, "heap", 1, 10);
    race__strand_settle(&strand);
    assert_false(is_noted());
    race__block_add(at(200), 50, "heap", 1, 10);
    assert_true(is_noted());
    race__strands_alive = 1;
    race__block_add(at(200), 50, "heap", 1, 10);
    assert_false(is_noted());
    race__view_drop(&strand.view);
}

/* More kinds than a record can tell apart: those beyond are memory, and the others stay. */
static void kinds_are_told_apart_while_there_is_room(void **state)
{
    static char names[400][8];
    struct race__block block;
    (void)state;
    for (size_t i = 0; i < 400; i++) {
        names[i][0] = 'a';
        names[i][1] = (char)('0' + i % 10);
        race__block_add(at(50000 + 16 * i), 16, names[i], 1, 10);
    }
    for (size_t i = 0; i < 200; i++) {
        assert_true(race__block_find(at(50000 + 16 * i), &block));
        assert_ptr_equal(race__block_kind(&block), names[i]);
    }
    assert_true(race__block_find(at(50000 + 16 * 399), &block));
    assert_string_equal(race__block_kind(&block), "memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_byte_leads_to_the_innermost),
        cmocka_unit_test(the_end_is_remembered),
        cmocka_unit_test(a_block_that_was_used_alone_has_no_notes),
        cmocka_unit_test(kinds_are_told_apart_while_there_is_room),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
