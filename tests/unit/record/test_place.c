/* What an address is: a block, a global, somebody's stack, somebody's storage. */
#include "entry/boot.h"
#include "record/place.h"
#include "state/strand.h"
#include "unit.h"

#include <sys/mman.h>

static int global;
static _Thread_local int local;

static int boot(void **state)
{
    (void)state;
    race__boot();
    race__modules_refresh();
    return 0;
}

static struct race__place place_of(const void *addr)
{
    struct race__place place;
    race__place_of((uintptr_t)addr, &place);
    return place;
}

static void all_kinds(void **state)
{
    (void)state;
    int automatic = 0;
    static char block[100];
    race__block_add((uintptr_t)block, sizeof block, "heap", 1, 2);
    assert_int_equal(place_of(&block[99]).kind, RACE_PLACE_BLOCK);
    assert_int_equal(place_of(&block[99]).block.addr, (uintptr_t)block);
    assert_int_equal(place_of(&global).kind, RACE_PLACE_GLOBAL);
    assert_int_equal(place_of(&automatic).kind, RACE_PLACE_STACK);
    assert_int_equal(place_of(&automatic).birth, race__self.strand->birth);
    assert_int_equal(place_of(&local).kind, RACE_PLACE_TLS);
    assert_int_equal(place_of(&local).birth, race__self.strand->birth);
}

static void a_word_that_stands_for_a_descriptor(void **state)
{
    (void)state;
    static uint64_t words[4];
    race__place_descriptors(words, sizeof words[0], 4);
    race__block_add((uintptr_t)&words[3], sizeof words[3], RACE_DESCRIPTOR, 1, 2);
    assert_int_equal(place_of(&words[3]).kind, RACE_PLACE_DESCRIPTOR);
    assert_int_equal(place_of(&words[3]).descriptor, 3);
    assert_int_equal(place_of(&words[3]).block.leaf, 2);
    assert_int_equal(place_of(&words[0]).descriptor, 0);
    assert_int_equal(place_of(&words[0]).block.size, 0);
    assert_int_equal(place_of(&words[4]).kind, RACE_PLACE_GLOBAL);
}

static void a_mapping_is_nothing_of_these(void **state)
{
    (void)state;
    void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(page, MAP_FAILED);
    assert_int_equal(place_of(page).kind, RACE_PLACE_UNKNOWN);
    assert_int_equal(munmap(page, 4096), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds),
        cmocka_unit_test(a_word_that_stands_for_a_descriptor),
        cmocka_unit_test(a_mapping_is_nothing_of_these),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
