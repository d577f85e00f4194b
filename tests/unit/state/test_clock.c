/* Clocks against plain arrays: whatever is raised and joined, in whatever shape of trie. */
#include "state/clock.h"
#include "state/slab.h"
#include "unit.h"

#include <string.h>

enum { SLOTS = 40, CLOCKS = 6, STEPS = 20000, LEAF_BYTES = 272, NODE_BYTES = 80 };

/* Slots near each other and far apart, in tries of every height. */
static const uint32_t slots[SLOTS] = {
    1,    2,    3,    15,    16,    17,    31,    32,      100,     255,
    256,  257,  300,  4095,  4096,  4097,  5000,  65535,   65536,   70000,
    1000, 1001, 1002, 1003,  2000,  3000,  9999,  1048575, 1048576, 1048577,
    5,    6,    7,    33333, 44444, 55555, 66666, 77777,   8388608, RACE_SLOT_MAX};

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

static void check(int i)
{
    uint32_t count = 0;
    assert_true(race__clock_is_sound(clocks[i]));
    for (int slot = 0; slot < SLOTS; slot++) {
        assert_true(race__clock_get(clocks[i], slots[slot]) == expected[i][slot]);
        count += expected[i][slot] != 0;
    }
    assert_int_equal(race__clock_count(clocks[i]), count);
}

static void raise(int i)
{
    uint32_t slot = below(SLOTS);
    uint64_t clock = 1 + below(50);
    clocks[i] = race__clock_raise(clocks[i], race__epoch_make(slots[slot], clock),
                                  race__no_epoch);
    if (expected[i][slot] < clock)
        expected[i][slot] = clock;
}

static void raise_all(int i)
{
    race__epoch epochs[9];
    uint32_t count = below(9);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t slot = below(SLOTS);
        uint64_t clock = 1 + below(50);
        epochs[k] = race__epoch_make(slots[slot], clock);
        if (expected[i][slot] < clock)
            expected[i][slot] = clock;
    }
    clocks[i] = race__clock_raise_all(clocks[i], epochs, count, race__no_epoch);
}

static void join(int to, int from)
{
    clocks[to] = race__clock_join(clocks[to], clocks[from], NULL);
    for (int slot = 0; slot < SLOTS; slot++)
        if (expected[to][slot] < expected[from][slot])
            expected[to][slot] = expected[from][slot];
}

static void replace(int to, int from)
{
    race__clock *share = race__clock_share(clocks[from]);
    race__clock_drop(clocks[to]);
    clocks[to] = share;
    memcpy(expected[to], expected[from], sizeof expected[to]);
}

static void clear(int i)
{
    race__clock_drop(clocks[i]);
    clocks[i] = NULL;
    memset(expected[i], 0, sizeof expected[i]);
}

static void behaves_as_an_array(void **state)
{
    (void)state;
    for (int step = 0; step < STEPS; step++) {
        int i = (int)below(CLOCKS);
        int other = (int)below(CLOCKS);
        switch (below(9)) {
        case 8:
            raise_all(i);
            break;
        case 0:
            replace(i, other);
            break;
        case 1:
        case 2:
            join(i, other);
            break;
        case 3:
            if (below(10) == 0)
                clear(i);
            break;
        default:
            raise(i);
            break;
        }
        check(i);
        check(other);
    }
}

static void nothing_is_left(void **state)
{
    (void)state;
    for (int i = 0; i < CLOCKS; i++)
        clear(i);
    assert_int_equal(race__slab_in_use(), 0);
}

static void handing_on_costs_nothing(void **state)
{
    (void)state;
    race__clock *clock = NULL;
    for (uint32_t slot = 1; slot < 1000; slot++)
        clock = race__clock_raise(clock, race__epoch_make(slot, slot), race__no_epoch);
    uint64_t before = race__slab_in_use();
    race__clock *share = race__clock_share(clock);
    assert_int_equal(race__slab_in_use(), before);
    /* One change copies the nodes of one path. */
    share = race__clock_raise(share, race__epoch_make(500, 1000000), race__no_epoch);
    assert_true(race__slab_in_use() - before <= LEAF_BYTES + 2 * NODE_BYTES);
    assert_int_equal(race__clock_get(clock, 500), 500);
    /* What both know already is shared again by a join. */
    clock = race__clock_join(clock, share, NULL);
    assert_ptr_equal(clock, share);
    race__clock_drop(clock);
    race__clock_drop(share);
    assert_int_equal(race__slab_in_use(), 0);
}

static void covers_is_by_slot(void **state)
{
    (void)state;
    race__clock *clock = race__clock_raise(NULL, race__epoch_make(3, 10), race__no_epoch);
    assert_true(race__clock_covers(clock, race__epoch_make(3, 10)));
    assert_false(race__clock_covers(clock, race__epoch_make(3, 11)));
    assert_false(race__clock_covers(clock, race__epoch_make(4, 1)));
    assert_false(race__clock_covers(clock, race__epoch_make(1u << 20, 1)));
    assert_false(race__clock_covers(NULL, race__epoch_make(3, 1)));
    race__clock_drop(clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behaves_as_an_array),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(handing_on_costs_nothing),
        cmocka_unit_test(covers_is_by_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
