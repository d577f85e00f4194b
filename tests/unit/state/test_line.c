/* Lines: things are found by their address and kind, and only one holds the lock. */
#include "shadow.h"
#include "state/block.h"
#include "state/line.h"
#include "state/sync.h"
#include "unit.h"

#include <pthread.h>

enum { THREADS = 3, ROUNDS = 20000 };

static _Alignas(64) char memory[256];
static int counter; // line of memory

static uintptr_t at(int offset)
{
    return (uintptr_t)&memory[offset];
}

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    return 0;
}

static void things_are_found(void **state)
{
    (void)state;
    assert_true(race__line_is_idle(at(0)));
    race__block_add(at(8), 16, "heap", 1, 1);
    race__line_lock(at(8));
    assert_null(race__sync_find(at(8)));
    struct race__sync *here = race__sync_get(at(8));
    struct race__sync *there = race__sync_get(at(16));
    assert_ptr_equal(race__sync_get(at(8)), here);
    assert_ptr_not_equal(here, there);
    assert_non_null(race__line_find(at(8), RACE_THING_BLOCK));
    race__sync_free(race__line_head(at(8)), here);
    assert_null(race__sync_find(at(8)));
    assert_ptr_equal(race__sync_find(at(16)), there);
    assert_non_null(race__line_find(at(8), RACE_THING_BLOCK));
    race__line_unlock(at(8));
    assert_false(race__line_is_idle(at(63)));
    assert_true(race__line_is_idle(at(64)));
}

static void two_lines_may_be_one(void **state)
{
    (void)state;
    race__line_lock_two(at(0), at(63));
    race__line_unlock_two(at(0), at(63));
    race__line_lock_two(at(200), at(3));
    race__line_unlock_two(at(200), at(3));
    race__line_lock(at(0));
    race__line_lock(at(200));
    race__line_unlock(at(0));
    race__line_unlock(at(200));
}

static void *count(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        race__line_lock(at(128));
        counter++;
        race__line_unlock(at(128));
    }
    return unused;
}

static void one_holds_the_lock(void **state)
{
    pthread_t threads[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(counter, THREADS * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(things_are_found),
        cmocka_unit_test(two_lines_may_be_one),
        cmocka_unit_test(one_holds_the_lock),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
