/* Nestings: which of them can deadlock, with strands that are made up. */
#include "entry/boot.h"
#include "state/context.h"
#include "state/line.h"
#include "state/nesting.h"
#include "state/phase.h"
#include "unit.h"

#define COUNT 40

static uint64_t memory[64][8]; // a line each
static goc_strand *strands[COUNT];

static int boot(void **state)
{
    (void)state;
    race__boot();
    for (int i = 0; i < COUNT; i++)
        strands[i] = race__strand_new(race__self.strand, RACE_STRAND_THREAD, (uint64_t)i,
                                      RACE_CONTEXT_ROOT);
    return 0;
}

static uintptr_t lock(int number)
{
    return (uintptr_t)&memory[number];
}

static uint32_t add(uint32_t set, int number, bool exclusive)
{
    return race__lockset_add(set, (void *)lock(number), exclusive, "mutex", 1);
}

/* Strand BY takes TAKEN while it holds what is in SET: the locks of the cycle it closes. */
static uint32_t note(int by, uint32_t set, int taken)
{
    struct race__cycle cycle;
    race__nesting_note(strands[by], set, lock(taken), true, 2, &cycle);
    return cycle.count;
}

static uint32_t nest(int by, int held, int taken)
{
    return note(by, add(RACE_LOCKSET_NONE, held, true), taken);
}

/* All locks of a test go, as memory that is given back. */
static void forget(void)
{
    for (int i = 0; i < 64; i++) {
        uint64_t *head = race__line_lock(lock(i));
        struct race__sync *sync = race__sync_find_in(head, lock(i));
        if (sync != NULL)
            race__sync_free(head, sync);
        race__line_unlock_head(head);
    }
}

static void cycles_are_found_up_to_a_length(void **state)
{
    (void)state;
    for (uint32_t length = 2; length <= RACE_CYCLE_MAX + 1; length++) {
        for (int i = 0; i < (int)length - 1; i++)
            assert_int_equal(nest(i, i, i + 1), 0);
        assert_int_equal(nest((int)length, (int)length - 1, 0),
                         length <= RACE_CYCLE_MAX ? length : 0);
        forget();
    }
}

static void it_takes_as_many_strands(void **state)
{
    (void)state;
    assert_int_equal(nest(0, 0, 1), 0);
    assert_int_equal(nest(1, 1, 2), 0);
    assert_int_equal(nest(0, 2, 0), 0); // strand 0 cannot be at both
    assert_int_equal(nest(2, 2, 0), 3);
    forget();
}

static void the_shortest_is_found_whatever_came_first(void **state)
{
    (void)state;
    for (int i = 20; i > 0; i--)
        assert_int_equal(nest(i % 3, i, i - 1), 0);
    assert_int_equal(nest(3, 0, 3), 4);
    assert_int_equal(nest(4, 2, 3), 2);
    forget();
}

static void gates_keep_apart(void **state)
{
    (void)state;
    uint32_t gate = add(RACE_LOCKSET_NONE, 9, true);
    uint32_t read_gate = add(RACE_LOCKSET_NONE, 9, false);
    assert_int_equal(note(0, add(gate, 0, true), 1), 0);
    assert_int_equal(note(1, add(gate, 1, true), 0), 0);
    assert_int_equal(note(1, add(read_gate, 1, true), 0), 0);
    assert_int_equal(note(2, add(RACE_LOCKSET_NONE, 1, true), 0), 2);
    forget();
    assert_int_equal(note(0, add(read_gate, 0, true), 1), 0);
    assert_int_equal(note(1, add(read_gate, 1, true), 0), 2);
    forget();
}

/* Of three strands that could wait in a circle, two hold the same lock of it. */
static void locks_of_the_cycle_are_gates_too(void **state)
{
    (void)state;
    assert_int_equal(nest(0, 0, 1), 0);
    assert_int_equal(note(1, add(add(RACE_LOCKSET_NONE, 2, true), 1, true), 3), 0);
    assert_int_equal(nest(2, 3, 2), 2); // with strand 1 alone
    forget();
    assert_int_equal(note(0, add(add(RACE_LOCKSET_NONE, 2, true), 0, true), 1), 0);
    assert_int_equal(note(1, add(RACE_LOCKSET_NONE, 1, true), 4), 0);
    assert_int_equal(note(2, add(add(RACE_LOCKSET_NONE, 2, true), 4, true), 0), 0);
    assert_int_equal(nest(3, 4, 0), 3);
    forget();
}

static void phases_keep_apart(void **state)
{
    (void)state;
    assert_int_equal(nest(0, 0, 1), 0);
    goc_strand *later = race__strand_new(strands[0], RACE_STRAND_THREAD, 0, 0);
    struct race__cycle cycle;
    race__nesting_note(later, add(RACE_LOCKSET_NONE, 1, true), lock(0), true, 2, &cycle);
    assert_int_equal(cycle.count, 0);
    race__nesting_note(strands[0], add(RACE_LOCKSET_NONE, 0, true), lock(1), true, 2,
                       &cycle);
    assert_int_equal(cycle.count, 2); // again, after it created the other
    race__strand_free(later);
    forget();
}

static void late_nestings_take_the_place_of_others(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT - 1; i++)
        assert_int_equal(nest(i, 0, 1), 0);
    assert_int_equal(nest(COUNT - 1, 1, 0), 2);
    forget();
}

static void what_is_gone_is_on_no_cycle(void **state)
{
    (void)state;
    assert_int_equal(nest(0, 0, 1), 0);
    forget();
    assert_int_equal(nest(1, 1, 0), 0);
    assert_int_equal(nest(0, 0, 1), 2);
    race__nesting_hand_on(lock(1));
    assert_int_equal(nest(2, 1, 0), 0); // used for signals: nothing is noted
    forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_are_found_up_to_a_length),
        cmocka_unit_test(it_takes_as_many_strands),
        cmocka_unit_test(the_shortest_is_found_whatever_came_first),
        cmocka_unit_test(gates_keep_apart),
        cmocka_unit_test(locks_of_the_cycle_are_gates_too),
        cmocka_unit_test(phases_keep_apart),
        cmocka_unit_test(late_nestings_take_the_place_of_others),
        cmocka_unit_test(what_is_gone_is_on_no_cycle),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
