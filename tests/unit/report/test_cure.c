/* report/cure.c: the advice says what the record shows, and no more. */
#include "races.h"
#include "report/describe.h"
#include "unit.h"

#include <string.h>

static const uint32_t lines[] = {10, 20};

static struct arena arena;
static struct made_race made;

static int begin(void **state)
{
    (void)state;
    make_race(&made, NULL, DETECTOR_GOC, "f", lines);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void hold(int access, uint64_t addr, bool exclusive)
{
    made.locks[access] =
        (struct lock){.addr = addr, .kind = "goc_mutex", .exclusive = exclusive};
    made.race.accesses[access].lock_count = 1;
}

static void expect(const char *cure)
{
    assert_string_equal(describe_cure(&arena, &made.race), cure);
}

static void test_nothing_known(void **state)
{
    (void)state;
    expect("guard it with one goc_mutex, make both accesses atomic, or pass it over a "
           "channel");
    made.race.memory.variable.name = "hits";
    made.race.accesses[1].size = 2;
    expect("guard 'hits' with one goc_mutex, or pass it over a channel");
}

static void test_bit_fields(void **state)
{
    (void)state;
    made.race.memory.variable = (struct variable){
        .name = "flags", .path = "flags.{one:1, other:1}", .bits = true};
    expect("guard all bit-fields beside each other with one goc_mutex, or keep those of "
           "different owners apart, by ':0' or as whole members");
}

static void test_threads(void **state)
{
    (void)state;
    made.strands[1].kind = STRAND_THREAD;
    expect(
        "guard it with one pthread_mutex_t, make both accesses atomic, or let one wait "
        "for the other");
}

static void test_atomic_and_plain(void **state)
{
    (void)state;
    made.race.accesses[0].atomic = true;
    expect("make the read by main goroutine atomic as well");
    made.race.accesses[0].atomic = false;
    made.race.accesses[1].atomic = true;
    expect("make the write by goroutine 6 atomic as well");
}

static void test_locks(void **state)
{
    (void)state;
    hold(0, 0xa0, true);
    expect("hold goc_mutex 0xa0 for the read by main goroutine too");
    made.race.accesses[1].locks_known = false; // perhaps it held the same
    expect("guard it with one goc_mutex, make both accesses atomic, or pass it over a "
           "channel");
    made.race.accesses[1].locks_known = true;
    hold(1, 0xb0, true);
    expect("they hold different locks, goc_mutex 0xa0 and goc_mutex 0xb0: guard it with "
           "the same one everywhere");
    hold(0, 0xc0, false);
    hold(1, 0xc0, false);
    expect("hold goc_mutex 0xc0 exclusively for the write, not only shared");
}

/* The parent looks before it has waited. */
static void test_parent_does_not_wait(void **state)
{
    (void)state;
    made.race.accesses[0].strand = MAIN_ID;
    made.race.accesses[1].strand = CHILD_ID;
    expect("let main goroutine wait for goroutine 6 before its write (a goc_waitgroup or "
           "a channel), or guard it with one goc_mutex");
}

static void test_freed(void **state)
{
    (void)state;
    made.race.accesses[0].op = ACCESS_FREE;
    expect("let goroutine 6 wait until main goroutine is done with the block before it "
           "frees it (a goc_waitgroup or a channel)");
}

static void test_closed(void **state)
{
    (void)state;
    made.race.memory = (struct memory){.kind = MEMORY_DESCRIPTOR, .number = 5};
    expect(
        "let goroutine 6 wait until main goroutine is done with file descriptor 5 before "
        "it closes it (a goc_waitgroup or a channel)");
    assert_string_equal(describe_op(&made.race.memory, &made.race.accesses[1]), "use");
    assert_string_equal(describe_op(&made.race.memory, &made.race.accesses[0]), "close");
}

/* A handler may neither wait nor lock. */
static void test_handler(void **state)
{
    (void)state;
    made.strands[1].kind = STRAND_SIGNAL;
    made.strands[1].has_parent = true;
    made.strands[1].parent = MAIN_ID;
    expect("make both accesses atomic, or let the handler leave its work to a thread "
           "(sem_post, or a write to a pipe)");
    made.strands[0].number = 0; // no goroutine
    expect("make it volatile sig_atomic_t or atomic, or block the signal around the read "
           "by main thread (pthread_sigmask)");
    made.race.accesses[0].size = 8;
    made.race.accesses[1].size = 8;
    expect(
        "make both accesses atomic, or block the signal around the read by main thread "
        "(pthread_sigmask)");
    hold(0, 16, true);
    made.race.accesses[1].op = ACCESS_FREE;
    expect("block the signal around the free by main thread (pthread_sigmask)");
    made.race.accesses[1].op = ACCESS_READ;
    made.strands[1].has_parent = false;
    expect("make both accesses atomic, or let the handler leave its work to a thread "
           "(sem_post, or a write to a pipe)");
    made.race.accesses[0].atomic = true;
    expect("make the read by main thread atomic as well");
}

static void test_two_handlers(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        made.strands[i].kind = STRAND_SIGNAL;
        made.strands[i].has_parent = true;
        made.strands[i].parent = MAIN_ID + CHILD_ID;
    }
    expect(
        "make both accesses atomic, or put each signal into the sa_mask of the other's "
        "handler");
    made.race.accesses[0].size = 2;
    expect("put each signal into the sa_mask of the other's handler");
}

/* A faulty record may name itself its own parent. */
static void test_circles(void **state)
{
    (void)state;
    made.strands[0].has_parent = true;
    made.strands[0].parent = MAIN_ID;
    made.strands[1].kind = STRAND_SIGNAL;
    made.strands[1].parent = CHILD_ID;
    assert_string_equal(describe_strand(&arena, &made.race.cast, CHILD_ID),
                        "signal handler");
    assert_non_null(describe_cure(&arena, &made.race));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_known, begin, end),
        cmocka_unit_test_setup_teardown(test_bit_fields, begin, end),
        cmocka_unit_test_setup_teardown(test_threads, begin, end),
        cmocka_unit_test_setup_teardown(test_atomic_and_plain, begin, end),
        cmocka_unit_test_setup_teardown(test_locks, begin, end),
        cmocka_unit_test_setup_teardown(test_parent_does_not_wait, begin, end),
        cmocka_unit_test_setup_teardown(test_freed, begin, end),
        cmocka_unit_test_setup_teardown(test_closed, begin, end),
        cmocka_unit_test_setup_teardown(test_handler, begin, end),
        cmocka_unit_test_setup_teardown(test_two_handlers, begin, end),
        cmocka_unit_test_setup_teardown(test_circles, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
