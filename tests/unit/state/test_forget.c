/* New memory: what was known of exactly its bytes is forgotten. */
#include "shadow.h"
#include "state/block.h"
#include "state/cell.h"
#include "state/forget.h"
#include "state/slab.h"
#include "state/sync.h"
#include "unit.h"

#define LARGE (4u << 20)

static _Alignas(4096) char memory[LARGE];

static uintptr_t at(size_t offset)
{
    return (uintptr_t)&memory[offset];
}

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    if (race__moment_blocks == NULL)
        race__moment_init();
    return 0;
}

/* Marks of as many strands as there are slots. */
static void mark(size_t offset, size_t size, uint32_t slot)
{
    uint64_t *cell = race__shadow_cell(at(offset));
    uint64_t before = race__cell_lock(cell);
    uint64_t epoch = race__epoch_make(slot, 1).raw;
    uint64_t tag = race__tag_bytes(at(offset), size) | 1;
    struct race__moment_owner owner = {.now = 0};
    struct race__word word;
    race__word_open(at(offset), before, &word);
    if (word.place[0].epoch == 0) {
        word.moment[0] = race__moment_take(&owner, (race__epoch){epoch}, 0, 0);
        word.place[0] = (struct race__mark){.epoch = epoch, .tag = tag};
    } else {
        if (word.crowd.head == NULL)
            word.crowd = race__crowd_open();
        race__crowd_put(&word.crowd, epoch, tag);
    }
    race__word_close(at(offset), before, &word, &owner);
    race__moment_leave(&owner);
    race__shadow_enliven(at(offset));
    race__shadow_take_note(at(offset), RACE_NOTE_MARKS);
}

static uint64_t cell(size_t offset)
{
    return *race__shadow_cell(at(offset));
}

static bool is_marked(size_t offset)
{
    return cell(offset) != 0;
}

static void only_its_bytes(void **state)
{
    (void)state;
    mark(0, 8, 1);
    mark(8, 8, 1);
    mark(16, 8, 1);
    race__forget(at(4), 14);
    assert_true((cell(0) & RACE_CELL_BYTES) == 0x0f);
    assert_false(is_marked(8));
    assert_true((cell(16) & RACE_CELL_BYTES) == 0xfc);
    race__forget(at(0), 24);
    assert_false(is_marked(0));
    assert_false(is_marked(16));
}

static void crowds_go_back(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    for (uint32_t slot = 1; slot < 100; slot++)
        mark(2048, 8, slot);
    assert_true(race__slab_in_use() > before);
    race__forget(at(2048), 4);
    assert_true(is_marked(2048));
    race__forget(at(2052), 4);
    assert_false(is_marked(2048));
    assert_int_equal(race__slab_in_use(), before);
}

static void sync_objects_and_blocks_go(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    race__block_add(at(5000), 100, "heap", 1, 1);
    race__line_lock(at(5008));
    (void)race__sync_get(at(5008));
    race__line_unlock(at(5008));
    race__forget(at(5001), 7);
    assert_int_equal(race__block_size(at(5000)), 100);
    race__forget(at(5000), 100);
    assert_int_equal(race__block_size(at(5000)), 0);
    assert_int_equal(race__slab_in_use(), before);
    race__line_lock(at(5008));
    assert_null(race__sync_find(at(5008)));
    race__line_unlock(at(5008));
}

static void put_sync(size_t offset)
{
    (void)race__line_lock(at(offset));
    (void)race__sync_get(at(offset));
    race__line_unlock(at(offset));
}

static bool has_sync(size_t offset)
{
    (void)race__line_lock(at(offset));
    bool found = race__sync_find(at(offset)) != NULL;
    race__line_unlock(at(offset));
    return found;
}

/* Offsets: a block of 100 bytes from 5200, which is 16 into its line, to 5300. */
static void a_new_block_takes_over_what_is_its(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    race__block_add(at(5200), 40, "heap", 1, 1);
    bool noted;
    assert_int_equal(race__block_free(at(5200), 2, 2, &noted), 40);
    uint64_t one = race__slab_in_use() - before;
    race__block_add(at(5208), 8, "channel", 1, 1);
    put_sync(5200);
    put_sync(5290);
    put_sync(5190);
    put_sync(5300);
    mark(5192, 8, 1);
    mark(5200, 8, 1);
    mark(5296, 8, 1);
    race__block_renew(at(5200), 100, "heap", 3, 3);
    assert_int_equal(race__block_size(at(5200)), 100);
    assert_int_equal(race__block_size(at(5208)), 0);
    assert_false(has_sync(5200) || has_sync(5290));
    assert_true(has_sync(5190) && has_sync(5300));
    assert_true(is_marked(5192));
    assert_false(is_marked(5200));
    assert_true((cell(5296) & RACE_CELL_BYTES) == 0xf0);
    race__forget(at(5190), 120);
    assert_int_equal(race__slab_in_use(), before);
    race__block_renew(at(5200), 100, "heap", 3, 3);
    assert_int_equal(race__slab_in_use(), before + one);
    race__forget(at(5200), 1);
    assert_int_equal(race__slab_in_use(), before);
}

/* One that fills whole KiBs, with the notes of them. */
static void a_large_new_block_forgets_all_of_it(void **state)
{
    (void)state;
    for (size_t offset = 8192; offset < 16384; offset += 512) {
        mark(offset, 8, 1);
        put_sync(offset);
    }
    race__block_renew(at(8192), 8192, "heap", 3, 3);
    for (size_t offset = 8192; offset < 16384; offset += 512)
        assert_false(is_marked(offset) || has_sync(offset));
    assert_int_equal(race__block_size(at(8192)), 8192);
    race__forget(at(8192), 8192);
    assert_int_equal(race__block_size(at(8192)), 0);
}

static void large_ranges_too(void **state)
{
    (void)state;
    for (size_t offset = 0; offset < LARGE; offset += 100000)
        mark(offset & ~(size_t)7, 8, 1);
    mark(LARGE - 8, 8, 1);
    race__forget(at(8), LARGE - 16);
    assert_true(is_marked(0));
    assert_true(is_marked(LARGE - 8));
    for (size_t offset = 100000; offset < LARGE - 100000; offset += 100000)
        assert_false(is_marked(offset & ~(size_t)7));
    assert_int_equal(race__shadow_noted(at(1024), at(LARGE - 1024), RACE_NOTE_MARKS),
                     at(LARGE - 1024));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_its_bytes),
        cmocka_unit_test(crowds_go_back),
        cmocka_unit_test(sync_objects_and_blocks_go),
        cmocka_unit_test(a_new_block_takes_over_what_is_its),
        cmocka_unit_test(a_large_new_block_forgets_all_of_it),
        cmocka_unit_test(large_ranges_too),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
