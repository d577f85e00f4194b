/* The slab: zeroed, aligned, used again, and stable where a reader may still look. */
#include "base/pages.h"
#include "state/slab.h"
#include "unit.h"

#include <stdbool.h>

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void blocks_are_zeroed_and_aligned(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 16, 17, 144, 256, 257, 4096, 65536, 1 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *block = race__slab_alloc(sizes[i]);
        assert_int_equal((uintptr_t)block % 16, 0);
        assert_true(is_zero(block, sizes[i]));
        for (size_t at = 0; at < sizes[i]; at++)
            block[at] = 0xa5;
        race__slab_free(block, sizes[i]);
        unsigned char *again = race__slab_alloc(sizes[i]);
        assert_ptr_equal(again, block);
        assert_true(is_zero(again, sizes[i]));
        race__slab_free(again, sizes[i]);
    }
}

static void freed_memory_stays_readable(void **state)
{
    (void)state;
    unsigned char *block = race__slab_alloc(1 << 20);
    race__slab_free(block, 1 << 20);
    assert_int_equal(block[(1 << 20) - 1], 0);
}

static uint64_t rest_of(unsigned char *block)
{
    unsigned char resident[2] = {0};
    race__pages_resident((uintptr_t)block + RACE_PAGE_SIZE, RACE_PAGE_SIZE, resident);
    return resident[0] & 1;
}

/* What a program makes and frees by turns keeps its memory; of several blocks, one. */
static void one_large_block_keeps_its_pages(void **state)
{
    (void)state;
    enum { SIZE = 128 * 1024, BLOCKS = 3 };
    uint64_t before = race__slab_in_use();
    unsigned char *blocks[BLOCKS];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = race__slab_alloc(SIZE);
            assert_true(is_zero(blocks[i], SIZE));
            for (size_t at = 0; at < SIZE; at++)
                blocks[i][at] = 0xa5;
        }
        assert_int_equal(race__slab_in_use() - before, BLOCKS * SIZE);
        uint64_t kept = 0;
        for (int i = 0; i < BLOCKS; i++)
            race__slab_free(blocks[i], SIZE);
        for (int i = 0; i < BLOCKS; i++)
            kept += rest_of(blocks[i]);
        assert_int_equal(kept, 1);
        assert_int_equal(race__slab_in_use(), before);
    }
}

static void use_is_counted(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    void *block = race__slab_alloc(100);
    assert_int_equal(race__slab_in_use() - before, 112);
    race__slab_free(block, 100);
    assert_int_equal(race__slab_in_use(), before);
}

/* What is made in turn is asked for in turn, most of the time. */
static void new_blocks_lie_in_the_order_they_are_taken(void **state)
{
    (void)state;
    char *before = race__slab_alloc(208);
    for (int i = 1; i < 16; i++) {
        char *block = race__slab_alloc(208);
        assert_ptr_equal(block, before + 208);
        before = block;
    }
}

static void arenas_end(void **state)
{
    (void)state;
    struct race__arena arena;
    race__arena_init(&arena, "test", 24, 4);
    assert_int_equal(race__arena_append(&arena), 1);
    assert_int_equal(race__arena_append(&arena), 2);
    assert_int_equal(race__arena_append(&arena), 3);
    assert_int_equal(race__arena_append(&arena), 0);
    assert_int_equal(
        (char *)race__arena_at(&arena, 3) - (char *)race__arena_at(&arena, 1), 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_and_aligned),
        cmocka_unit_test(freed_memory_stays_readable),
        cmocka_unit_test(one_large_block_keeps_its_pages),
        cmocka_unit_test(use_is_counted),
        cmocka_unit_test(new_blocks_lie_in_the_order_they_are_taken),
        cmocka_unit_test(arenas_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
