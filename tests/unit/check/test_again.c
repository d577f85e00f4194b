/* A lock that its strand takes again: one epoch, unless somebody saw its end. */
#include "check/word.h"
#include "entry/access.h"
#include "entry/boot.h"
#include "entry/events.h"
#include "unit.h"

static _Alignas(RACE_WORD_SIZE) char data[3][RACE_WORD_SIZE];
static _Alignas(64) char locks[2][64];
static goc_strand *self;
static goc_strand *other;

static int boot(void **state)
{
    (void)state;
    race__boot();
    race__strand_expect_orphans(); // nobody is alone
    self = race__self.strand;
    other = race__strand_new(self, RACE_STRAND_GOROUTINE, 1, 0);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    race__on_strand_switch(self);
    race__on_memory_new(data, sizeof data, NULL, NULL);
    race__on_memory_new(locks, sizeof locks, NULL, NULL);
    return 0;
}

/* As compiled code asks. */
static bool is_known(unsigned word, bool is_write)
{
    uint64_t cell = *race__shadow_cell((uintptr_t)data[word]);
    return race__cell_knows(cell, goc_race_current->expect, RACE_CELL_BYTES, is_write);
}

static void take(unsigned lock)
{
    race__on_lock(locks[lock], true, "lock", (void *)0x100);
}

static void give_back(unsigned lock)
{
    race__on_unlock(locks[lock], true, (void *)0x200);
}

static void change(unsigned word)
{
    race__write(data[word], RACE_WORD_SIZE, (void *)(0x300 + (uintptr_t)word));
}

/* SELF has changed word 0 under lock 0 and given it back. */
static void change_one(void)
{
    take(0);
    change(0);
    assert_true(is_known(0, true));
    give_back(0);
    assert_false(is_known(0, true));
}

static void what_was_changed_is_known(void **state)
{
    (void)state;
    change_one();
    take(0);
    assert_true(is_known(0, true));
    change(1);
    assert_true(is_known(1, true));
    assert_true(is_known(0, true));
    give_back(0);
    assert_false(is_known(1, true));
}

static void also_if_more_was_changed_meanwhile(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        change_one();
        change(2);
        assert_true(is_known(2, true));
        take(0);
        assert_true(is_known(0, true));
        uint64_t bytes = RACE_CELL_BYTES;
        assert_true(race__word_is_same(self, (uintptr_t)data[2], bytes, true));
        give_back(0);
        assert_false(race__word_is_same(self, (uintptr_t)data[2], bytes, true));
    }
}

static void not_if_another_had_the_lock(void **state)
{
    (void)state;
    change_one();
    race__on_strand_switch(other);
    take(0);
    give_back(0);
    race__on_strand_switch(self);
    take(0);
    assert_false(is_known(0, true));
    assert_false(race__word_is_same(self, (uintptr_t)data[0], RACE_CELL_BYTES, true));
    give_back(0);
}

static void not_if_another_lock_was_given_back(void **state)
{
    (void)state;
    take(1);
    change_one();
    give_back(1);
    take(0);
    assert_false(is_known(0, true));
    give_back(0);
}

static void not_if_a_strand_was_born(void **state)
{
    (void)state;
    change_one();
    goc_strand *child = race__strand_new(self, RACE_STRAND_GOROUTINE, 2, 0);
    take(0);
    assert_false(is_known(0, true));
    give_back(0);
    race__on_strand_end(child);
}

static void not_if_the_lock_is_more_than_one(void **state)
{
    (void)state;
    race__on_release(locks[0]);
    change_one();
    take(0);
    assert_false(is_known(0, true));
    give_back(0);
}

static void its_use_is_told_once(void **state)
{
    (void)state;
    assert_false(race__on_lock_use(locks[0], NULL));
    take(0);
    race__use(locks[0], NULL);
    give_back(0);
    assert_true(race__on_lock_use(locks[0], NULL));
    race__on_lock_used(locks[0], "lock", NULL);
    give_back(0);
    assert_false(race__on_lock_use(locks[1], NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_changed_is_known, begin),
        cmocka_unit_test_setup(also_if_more_was_changed_meanwhile, begin),
        cmocka_unit_test_setup(not_if_another_had_the_lock, begin),
        cmocka_unit_test_setup(not_if_another_lock_was_given_back, begin),
        cmocka_unit_test_setup(not_if_a_strand_was_born, begin),
        cmocka_unit_test_setup(not_if_the_lock_is_more_than_one, begin),
        cmocka_unit_test_setup(its_use_is_told_once, begin),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
