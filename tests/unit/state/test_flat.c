/* Flat clocks: when there are some, that they are arrays like all clocks, and how they end. */
#include "state/flat.h"
#include "state/slab.h"
#include "state/view.h"
#include "unit.h"

#include <string.h>

enum { SLOTS = 1000, CLOCKS = 5, STEPS = 6000, TOO_HIGH = 5000 };

static race__clock *clocks[CLOCKS];
static uint64_t expected[CLOCKS][SLOTS];
static uint64_t random_state = 88172645463325252u;

static uint32_t below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % limit;
}

/* CLOCK with slots FIRST to LAST known at MOMENT. */
static race__clock *know(race__clock *clock, uint32_t first, uint32_t last,
                         uint64_t moment)
{
    for (uint32_t slot = first; slot <= last; slot++)
        clock = race__clock_raise(clock, race__epoch_make(slot, moment), race__no_epoch);
    return clock;
}

/* A flat clock that knows slots 1 to LAST at moment 2. */
static race__clock *flat_to(uint32_t last)
{
    race__clock *clock = know(know(NULL, 1, last, 1), 1, last / 2, 2);
    race__clock *other = know(know(NULL, 1, last, 1), last / 2 + 1, last, 2);
    clock = race__clock_join(clock, other, NULL);
    race__clock_drop(other);
    assert_true(race__clock_is_flat(clock));
    return clock;
}

static void check_range(const race__clock *clock, uint32_t first, uint32_t last,
                        uint64_t moment)
{
    for (uint32_t slot = first; slot <= last; slot++)
        assert_int_equal(race__clock_get(clock, slot), moment);
}

static void news_of_many_leaves_make_a_clock_flat(void **state)
{
    (void)state;
    race__clock *clock = flat_to(300);
    check_range(clock, 1, 300, 2);
    check_range(clock, 301, 1200, 0);
    assert_int_equal(race__clock_get(clock, RACE_SLOT_MAX), 0);
    assert_int_equal(race__clock_count(clock), 300);
    race__clock_drop(clock);
}

/* Two groups of strands, far apart, that hear of each other: an array would be mostly empty. */
static void few_leaves_among_many_do_not(void **state)
{
    (void)state;
    race__clock *clock = know(know(NULL, 1, 20, 2), 900, 910, 1);
    race__clock *other = know(know(NULL, 1, 20, 1), 900, 910, 2);
    clock = race__clock_join(clock, other, NULL);
    assert_false(race__clock_is_flat(clock));
    check_range(clock, 1, 20, 2);
    check_range(clock, 900, 910, 2);
    race__clock_drop(clock);
    race__clock_drop(other);
}

static void who_shares_a_flat_clock_sees_no_change(void **state)
{
    (void)state;
    race__clock *clock = flat_to(200);
    race__clock *share = race__clock_share(clock);
    share = race__clock_raise(share, race__epoch_make(7, 9), race__no_epoch);
    assert_true(race__clock_is_flat(share));
    assert_int_equal(race__clock_get(clock, 7), 2);
    assert_int_equal(race__clock_get(share, 7), 9);
    race__clock_drop(share);
    share = race__clock_share(clock);
    race__clock *other = know(NULL, 150, 250, 3);
    share = race__clock_join(share, other, NULL);
    check_range(clock, 1, 200, 2);
    check_range(clock, 201, 250, 0);
    check_range(share, 1, 149, 2);
    check_range(share, 150, 250, 3);
    race__clock_drop(other);
    race__clock_drop(share);
    race__clock_drop(clock);
}

/* Whoever meets has all of the other, and nobody who shared either clock has more. */
static void both_who_meet_have_all(void **state)
{
    (void)state;
    race__clock *kept = flat_to(200);
    race__clock *a = race__clock_share(kept);
    race__clock *b = know(flat_to(120), 40, 60, 5);
    assert_true(
        race__flat_meet(&a, race__epoch_make(3, 70), &b, race__epoch_make(600, 80)));
    for (int i = 0; i < 2; i++) {
        const race__clock *clock = i == 0 ? a : b;
        check_range(clock, 1, 2, 2);
        assert_int_equal(race__clock_get(clock, 3), 70);
        check_range(clock, 4, 39, 2);
        check_range(clock, 40, 60, 5);
        check_range(clock, 61, 200, 2);
        check_range(clock, 201, 599, 0);
        assert_int_equal(race__clock_get(clock, 600), 80);
    }
    assert_ptr_not_equal(a, b);
    check_range(kept, 1, 200, 2);
    assert_int_equal(race__clock_count(kept), 200);
    race__clock_drop(a);
    race__clock_drop(b);
    race__clock_drop(kept);
}

/* The latest moment that there can be is later than the first, in a trie, an array, and between
 * both. */
static void the_last_moment_is_the_latest(void **state)
{
    (void)state;
    const uint64_t last = RACE_CLOCK_MAX;
    race__clock *early = know(NULL, 1, 32, 1);
    race__clock *late = know(NULL, 1, 16, last);
    race__clock *trie = race__clock_join(race__clock_share(early), late, NULL);
    check_range(trie, 1, 16, last);
    check_range(trie, 17, 32, 1);
    trie = race__clock_join(trie, early, NULL);
    check_range(trie, 1, 16, last);
    race__clock *a = race__clock_join(flat_to(200), trie, NULL);
    race__clock *b = flat_to(200);
    check_range(a, 1, 16, last);
    check_range(a, 17, 200, 2);
    assert_true(race__flat_meet(&a, race__epoch_make(199, last), &b,
                                race__epoch_make(200, last - 1)));
    for (int i = 0; i < 2; i++) {
        const race__clock *clock = i == 0 ? a : b;
        check_range(clock, 1, 16, last);
        check_range(clock, 17, 198, 2);
        assert_true(race__clock_get(clock, 199) == last);
        assert_true(race__clock_get(clock, 200) == last - 1);
    }
    race__clock_drop(early);
    race__clock_drop(late);
    race__clock_drop(trie);
    race__clock_drop(a);
    race__clock_drop(b);
}

static void too_high_a_slot_makes_a_trie(void **state)
{
    (void)state;
    race__clock *clock = flat_to(100);
    race__clock *share = race__clock_share(clock);
    clock = race__clock_raise(clock, race__epoch_make(TOO_HIGH, 4), race__no_epoch);
    assert_false(race__clock_is_flat(clock));
    assert_true(race__clock_is_sound(clock));
    check_range(clock, 1, 100, 2);
    assert_int_equal(race__clock_get(clock, TOO_HIGH), 4);
    assert_int_equal(race__clock_get(share, TOO_HIGH), 0);
    share = race__clock_join(share, clock, NULL);
    assert_true(race__clock_is_sound(share));
    assert_int_equal(race__clock_get(share, TOO_HIGH), 4);
    race__clock *flat = know(flat_to(130), 50, 50, 6);
    clock = race__clock_join(clock, flat, NULL);
    assert_true(race__clock_is_sound(clock));
    assert_int_equal(race__clock_get(clock, 50), 6);
    assert_int_equal(race__clock_count(clock), 131);
    assert_true(race__clock_is_flat(flat));
    race__clock_drop(clock);
    race__clock_drop(share);
    race__clock_drop(flat);
}

/* Without memory for another array both stay as they are, and a change makes a trie. */
static void where_memory_ends_clocks_are_tries(void **state)
{
    (void)state;
    size_t before = race__flat_bytes_max;
    race__clock *clock = flat_to(100);
    race__clock *share = race__clock_share(clock);
    race__clock *other = know(flat_to(100), 30, 30, 8);
    race__flat_bytes_max = 0;
    assert_false(
        race__flat_meet(&clock, race__epoch_make(1, 9), &other, race__epoch_make(2, 9)));
    check_range(clock, 1, 100, 2);
    share = race__clock_raise(share, race__epoch_make(7, 9), race__no_epoch);
    assert_false(race__clock_is_flat(share));
    assert_true(race__clock_is_sound(share));
    assert_int_equal(race__clock_get(share, 7), 9);
    assert_int_equal(race__clock_get(clock, 7), 2);
    share = race__clock_join(share, other, NULL);
    assert_int_equal(race__clock_get(share, 30), 8);
    assert_int_equal(race__clock_count(share), 100);
    race__flat_bytes_max = before;
    race__clock *trie = know(know(NULL, 1, 99, 1), 1, 50, 2);
    race__clock *news = know(know(NULL, 1, 99, 1), 51, 99, 2);
    assert_true(race__flats_too_many);
    trie = race__clock_join(trie, news, NULL);
    assert_false(race__clock_is_flat(trie)); // so that no clock goes to and fro
    check_range(trie, 1, 99, 2);
    race__clock_drop(trie);
    race__clock_drop(news);
    race__flats_too_many = false;
    race__clock_drop(clock);
    race__clock_drop(share);
    race__clock_drop(other);
    assert_int_equal(race__slab_in_use(), 0);
    race__clock_drop(flat_to(100)); // what was in use was given back
}

static void check(int i)
{
    assert_true(race__clock_is_sound(clocks[i]));
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        assert_true(race__clock_get(clocks[i], slot) == expected[i][slot]);
}

static void raise_some(int i)
{
    uint32_t first = 1 + below(SLOTS - 1);
    uint32_t last = first + below(SLOTS - first);
    uint64_t moment = 1 + below(1000);
    clocks[i] = know(clocks[i], first, last, moment);
    for (uint32_t slot = first; slot <= last; slot++)
        if (expected[i][slot] < moment)
            expected[i][slot] = moment;
}

static void join(int to, int from)
{
    clocks[to] = race__clock_join(clocks[to], clocks[from], NULL);
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        if (expected[to][slot] < expected[from][slot])
            expected[to][slot] = expected[from][slot];
}

static void clear(int i)
{
    race__clock_drop(clocks[i]);
    clocks[i] = NULL;
    memset(expected[i], 0, sizeof expected[i]);
}

static void replace(int to, int from)
{
    race__clock *share = race__clock_share(clocks[from]);
    race__clock_drop(clocks[to]);
    clocks[to] = share;
    memmove(expected[to], expected[from], sizeof expected[to]);
}

static void behaves_as_an_array(void **state)
{
    (void)state;
    int flat = 0;
    int trie = 0;
    for (int step = 0; step < STEPS; step++) {
        int i = (int)below(CLOCKS);
        int other = (int)below(CLOCKS);
        switch (below(8)) {
        case 0:
            replace(i, other);
            break;
        case 1:
        case 2:
        case 3:
            join(i, other);
            break;
        case 4:
            clear(i);
            break;
        case 5:
            clocks[i] = below(20) != 0
                            ? clocks[i]
                            : race__clock_raise(clocks[i], race__epoch_make(TOO_HIGH, 1),
                                                race__no_epoch);
            break;
        default:
            raise_some(i);
            break;
        }
        check(i);
        check(other);
        flat += race__clock_is_flat(clocks[i]);
        trie += clocks[i] != NULL && !race__clock_is_flat(clocks[i]);
    }
    for (int i = 0; i < CLOCKS; i++)
        clear(i);
    assert_true(flat > STEPS / 20);
    assert_true(trie > STEPS / 20);
    assert_int_equal(race__slab_in_use(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(news_of_many_leaves_make_a_clock_flat),
        cmocka_unit_test(few_leaves_among_many_do_not),
        cmocka_unit_test(who_shares_a_flat_clock_sees_no_change),
        cmocka_unit_test(both_who_meet_have_all),
        cmocka_unit_test(the_last_moment_is_the_latest),
        cmocka_unit_test(too_high_a_slot_makes_a_trie),
        cmocka_unit_test(where_memory_ends_clocks_are_tries),
        cmocka_unit_test(behaves_as_an_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
