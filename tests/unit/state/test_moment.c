/* Moments: what a number stands for, and when it is had again. */
#include "base/pages.h"
#include "state/moment.h"
#include "state/strand.h"
#include "unit.h"

#include <pthread.h>

enum { ROUNDS = 100000, THREADS = 3000 };

static int boot(void **state)
{
    (void)state;
    if (race__moment_blocks == NULL)
        race__moment_init();
    return 0;
}

static race__epoch epoch(uint32_t i)
{
    return race__epoch_make(7, i + 1);
}

static void a_moment_keeps_epoch_and_locks(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t taken[10];
    for (uint32_t i = 0; i < 10; i++) {
        taken[i] = race__moment_take(&owner, epoch(i), 100 + i, 0);
        owner.puts++;
        assert_int_equal(owner.now, taken[i]);
    }
    for (uint32_t i = 0; i < 10; i++) {
        assert_true(race__moment_epoch(taken[i]) == epoch(i).raw);
        assert_int_equal(race__moment_lockset(taken[i]), 100 + i);
        for (uint32_t j = 0; j < i; j++)
            assert_int_not_equal(taken[i], taken[j]);
    }
    for (uint32_t i = 0; i < 9; i++)
        race__moment_drop(taken[i]);
    race__moment_drop_own(&owner, taken[9], 1);
    race__moment_leave(&owner);
}

/* Whoever locks and unlocks in one epoch goes back to the moment he had. */
static void an_epoch_is_one_block(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t first = race__moment_take(&owner, epoch(1), 0, 0);
    uint32_t locked = race__moment_take(&owner, epoch(1), 7, 0);
    assert_int_not_equal(first, locked);
    assert_int_equal(first >> RACE_MOMENT_SHIFT, locked >> RACE_MOMENT_SHIFT);
    assert_int_equal(race__moment_take(&owner, epoch(1), 0, 0), first);
    assert_int_equal(race__moment_take(&owner, epoch(1), 7, 0), locked);
    for (uint32_t i = 0; i < 2 * RACE_MOMENTS_A_BLOCK; i++) {
        uint32_t other = race__moment_take(&owner, epoch(1), 20 + i, 0);
        assert_true(race__moment_epoch(other) == epoch(1).raw);
        assert_int_equal(race__moment_lockset(other), 20 + i);
    }
    race__moment_leave(&owner);
}

/* A strand that is the only one stays in its block, whatever it locks. */
static void a_fallback_keeps_the_block(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t first = race__moment_take(&owner, epoch(1), 0, 99);
    for (uint32_t i = 1; i < 100; i++) {
        uint32_t moment = race__moment_take(&owner, epoch(1), i, 99);
        assert_int_equal(moment >> RACE_MOMENT_SHIFT, first >> RACE_MOMENT_SHIFT);
        assert_int_equal(race__moment_lockset(moment),
                         i < RACE_MOMENTS_A_BLOCK - 1 ? i : 99);
    }
    race__moment_leave(&owner);
}

/* As a variable behind a lock has it: each mark goes when the next one comes. */
static void numbers_are_had_again(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t highest = 0;
    uint32_t last = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t moment = race__moment_take(&owner, epoch(i), 0, 0);
        highest = moment > highest ? moment : highest;
        owner.puts++;
        if (last != 0)
            race__moment_drop_own(&owner, last, 1);
        last = moment;
    }
    assert_true(highest < 10000);
    race__moment_drop_own(&owner, last, 1);
    race__moment_leave(&owner);
}

/* What others take away counts, before the strand leaves the block and after. */
static void a_block_stays_while_it_is_named(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t first = race__moment_take(&owner, epoch(1), 0, 0);
    owner.puts += 3;
    race__moment_drop(first);
    race__moment_leave(&owner);
    struct race__moment_owner other = {.now = 0};
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t moment = race__moment_take(&other, epoch(i), 0, 0);
        assert_int_not_equal(moment >> RACE_MOMENT_SHIFT, first >> RACE_MOMENT_SHIFT);
    }
    assert_true(race__moment_epoch(first) == epoch(1).raw);
    race__moment_leave(&other);
    race__moment_drop(first);
    race__moment_drop(first);
    race__moment_cache_end();
    bool again = false;
    for (uint32_t i = 0; i < ROUNDS && !again; i++) {
        uint32_t moment = race__moment_take(&other, epoch(i), 0, 0);
        other.puts++;
        again = moment >> RACE_MOMENT_SHIFT == first >> RACE_MOMENT_SHIFT;
    }
    assert_true(again);
}

/* Leaves one mark, as a thread does whose strand others join later, and takes away what is left
 * of the thread before. */
static void *leave_one(void *last)
{
    struct race__moment_owner owner = {.now = 0};
    uint32_t *mark = last;
    if (*mark != 0)
        race__moment_drop(*mark);
    *mark = race__moment_take(&owner, epoch(1), 0, 0);
    owner.puts++;
    race__moment_leave(&owner);
    race__self_end();
    return NULL;
}

/* Neither what it kept of free blocks, nor what it took away last and had not told. */
static void a_thread_that_ends_keeps_nothing(void **state)
{
    (void)state;
    uint32_t before = race__moment_block_count();
    uint32_t last = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, leave_one, &last), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
    assert_true(race__moment_block_count() - before < THREADS / 10);
    race__moment_drop(last);
}

/* Who left no mark in an epoch has the block for the next. */
static void an_empty_block_goes_on(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t first = race__moment_take(&owner, epoch(1), 0, 0);
    assert_int_equal(race__moment_take(&owner, epoch(2), 3, 0), first);
    assert_true(race__moment_epoch(first) == epoch(2).raw);
    assert_int_equal(race__moment_lockset(first), 3);
    owner.puts = 1;
    assert_int_not_equal(race__moment_take(&owner, epoch(3), 3, 0) >> RACE_MOMENT_SHIFT,
                         first >> RACE_MOMENT_SHIFT);
    race__moment_drop(first);
    race__moment_leave(&owner);
}

/* A strand takes its own marks away an epoch or two later: its blocks go round without anybody
 * else, and one that still has a mark is not among them. */
static void blocks_of_the_past_go_round(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    struct race__moment_owner past[RACE_MOMENTS_PAST] = {{.now = 0}};
    uint32_t highest = 0;
    uint32_t kept = race__moment_next(&owner, past, epoch(0), 9);
    owner.puts = 1;
    uint32_t last[2] = {0};
    for (uint32_t i = 1; i < ROUNDS; i++) {
        uint32_t moment = race__moment_next(&owner, past, epoch(i), i);
        assert_int_not_equal(moment >> RACE_MOMENT_SHIFT, kept >> RACE_MOMENT_SHIFT);
        assert_true(race__moment_epoch(moment) == epoch(i).raw);
        assert_int_equal(race__moment_lockset(moment), i);
        if (last[1] != 0) {
            assert_true(race__moment_epoch(last[1]) == epoch(i - 2).raw);
            race__moment_drop_past(&owner, past, last[1], 1);
        }
        owner.puts++;
        last[1] = last[0];
        last[0] = moment;
        if (i > 4)
            assert_true(moment <= highest);
        highest = moment > highest ? moment : highest;
    }
    assert_true(race__moment_epoch(kept) == epoch(0).raw);
    race__moment_drop(kept);
    race__moment_drop_past(&owner, past, last[0], 1);
    race__moment_drop_past(&owner, past, last[1], 1);
    race__moment_leave(&owner);
    for (unsigned i = 0; i < RACE_MOMENTS_PAST; i++)
        race__moment_leave(&past[i]);
}

/* A mark with a block to itself, which is renewed until it is let go of. */
static void a_mark_has_a_block_to_itself(void **state)
{
    (void)state;
    struct race__moment_owner owner = {.now = 0};
    uint32_t moment = race__moment_take(&owner, epoch(1), 4, 0);
    owner.puts = 2;
    uint32_t own = race__moment_split(&owner);
    assert_int_not_equal(own >> RACE_MOMENT_SHIFT, moment >> RACE_MOMENT_SHIFT);
    assert_true(race__moment_epoch(own) == epoch(1).raw);
    assert_int_equal(race__moment_lockset(own), 4);
    assert_int_equal(owner.puts, 1);
    assert_int_equal(race__moment_split(&owner), moment); // the only one has the block
    assert_int_equal(owner.now, 0);
    assert_int_equal(owner.last, 0);
    race__moment_move(own, epoch(9));
    assert_true(race__moment_epoch(own) == epoch(9).raw);
    race__moment_drop(own);
    race__moment_let_go(own);
    race__moment_let_go(moment);
    race__moment_drop(moment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_keeps_epoch_and_locks),
        cmocka_unit_test(an_epoch_is_one_block),
        cmocka_unit_test(a_fallback_keeps_the_block),
        cmocka_unit_test(numbers_are_had_again),
        cmocka_unit_test(a_block_stays_while_it_is_named),
        cmocka_unit_test(a_thread_that_ends_keeps_nothing),
        cmocka_unit_test(an_empty_block_goes_on),
        cmocka_unit_test(blocks_of_the_past_go_round),
        cmocka_unit_test(a_mark_has_a_block_to_itself),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
