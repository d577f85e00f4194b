/* What C11 atomics and fences order and what they do not: C17 5.1.2.4 and 7.17.3 to 7.17.4, clause
 * by clause.  Each turn is a thread of its own, and the turns come in their order.
 *
 * C17 and C++20 differ in one place: by C17 (5.1.2.4p10) a later store of the thread that headed a
 * release sequence belongs to it, by C++20 and the drafts after C17 it does not.  The detector
 * reports what is a race by both: it goes by C17.
 */
#include "turns.h"

#include <stdatomic.h>

static atomic_int flag;
static atomic_int other;

#define STORE(value, order) atomic_store_explicit(&flag, value, memory_order_##order)
#define LOAD(value, order)                                                               \
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_##order), value)
#define ADD(before, order)                                                               \
    CHECK_EQ(atomic_fetch_add_explicit(&flag, 1, memory_order_##order), before)
#define FENCE(order) atomic_thread_fence(memory_order_##order)

/* The first turn, in the ways there are to publish … */

static void publish(void)
{
    touch();
    STORE(1, release);
}

static void publish_relaxed(void)
{
    touch();
    STORE(1, relaxed);
}

static void publish_by_fence(void)
{
    touch();
    FENCE(release);
    STORE(1, relaxed);
}

static void publish_by_acq_rel_fence(void)
{
    touch();
    FENCE(acq_rel);
    STORE(1, relaxed);
}

static void publish_by_seq_cst_fence(void)
{
    touch();
    FENCE(seq_cst);
    STORE(1, relaxed);
}

static void publish_by_acquire_fence(void)
{
    touch();
    FENCE(acquire);
    STORE(1, relaxed);
}

static void publish_behind_fence(void)
{
    FENCE(release);
    touch();
    STORE(1, relaxed);
}

static void publish_by_rmw_behind_fence(void)
{
    touch();
    FENCE(release);
    ADD(0, relaxed);
}

static void publish_twice(void)
{
    touch();
    STORE(2, release);
    STORE(1, relaxed);
}

static void publish_elsewhere(void)
{
    touch();
    FENCE(release);
    atomic_store_explicit(&other, 1, memory_order_relaxed);
    STORE(1, relaxed);
}

/* … and the last, in the ways there are to see it. */

static void see_acquire(void)
{
    LOAD(1, acquire);
    touch();
}

static void see_consume(void)
{
    LOAD(1, consume);
    touch();
}

static void see_seq_cst(void)
{
    LOAD(1, seq_cst);
    touch();
}

static void see_relaxed(void)
{
    LOAD(1, relaxed);
    touch();
}

static void see_by_fence(void)
{
    LOAD(1, relaxed);
    FENCE(acquire);
    touch();
}

static void see_by_acq_rel_fence(void)
{
    LOAD(1, relaxed);
    FENCE(acq_rel);
    touch();
}

static void see_by_seq_cst_fence(void)
{
    LOAD(1, relaxed);
    FENCE(seq_cst);
    touch();
}

static void see_by_release_fence(void)
{
    LOAD(1, relaxed);
    FENCE(release);
    touch();
}

static void see_before_fence(void)
{
    FENCE(acquire);
    LOAD(1, relaxed);
    touch();
}

static void see_by_rmw_and_fence(void)
{
    ADD(1, relaxed);
    FENCE(acquire);
    touch();
}

static void see_by_failed_cas(void)
{
    int expected = 5;
    CHECK(!atomic_compare_exchange_strong_explicit(
        &flag, &expected, 6, memory_order_acq_rel, memory_order_acquire));
    touch();
}

static void see_by_signal_fence(void)
{
    LOAD(1, relaxed);
    atomic_signal_fence(memory_order_acquire);
    touch();
}

static void see_two(void)
{
    LOAD(2, acquire);
    touch();
}

static void see_two_by_fence(void)
{
    LOAD(2, relaxed);
    FENCE(acquire);
    touch();
}

/* Between them. */

static void carry(void)
{
    ADD(1, relaxed);
}

static void carry_by_cas(void)
{
    int expected = 1;
    CHECK(atomic_compare_exchange_strong_explicit(
        &flag, &expected, 2, memory_order_relaxed, memory_order_relaxed));
}

static void overwrite(void)
{
    STORE(2, relaxed);
}

static void overwrite_with_release(void)
{
    STORE(2, release);
}

static void relay(void)
{
    LOAD(1, acquire);
    STORE(2, release);
}

static void relay_by_fences(void)
{
    LOAD(1, relaxed);
    FENCE(acq_rel);
    STORE(2, relaxed);
}

static void relay_relaxed(void)
{
    LOAD(1, relaxed);
    STORE(2, release);
}

static void relay_behind_fence(void)
{
    FENCE(acq_rel);
    LOAD(1, relaxed);
    STORE(2, relaxed);
}

#define SCENARIO_OF(name, ...)                                                           \
    static void name(void)                                                               \
    {                                                                                    \
        TURNS(__VA_ARGS__);                                                              \
    }

/* 5.1.2.4p11: a release and an acquire that reads its value. */
SCENARIO_OF(release_acquire, publish, see_acquire)
SCENARIO_OF(release_seq_cst, publish, see_seq_cst)
SCENARIO_OF(release_consume, publish, see_consume)
SCENARIO_OF(release_relaxed, publish, see_relaxed)
SCENARIO_OF(relaxed_acquire, publish_relaxed, see_acquire)
SCENARIO_OF(release_failed_cas, publish, see_by_failed_cas)

/* 5.1.2.4p10: what belongs to a release sequence. */
SCENARIO_OF(sequence_by_rmw, publish, carry, see_two)
SCENARIO_OF(sequence_by_cas, publish, carry_by_cas, see_two)
SCENARIO_OF(sequence_by_own_store, publish_twice, see_acquire)
SCENARIO_OF(sequence_by_own_store_and_rmw, publish_twice, carry, see_two)
SCENARIO_OF(sequence_broken, publish, overwrite, see_two)
SCENARIO_OF(sequence_taken_over, publish, overwrite_with_release, see_two)
SCENARIO_OF(happens_before_is_transitive, publish, relay, see_two)
SCENARIO_OF(relaxed_relay, publish, relay_relaxed, see_two)

/* 7.17.4p2: a release fence and an acquire fence. */
SCENARIO_OF(fence_fence, publish_by_fence, see_by_fence)
SCENARIO_OF(acq_rel_fences, publish_by_acq_rel_fence, see_by_acq_rel_fence)
SCENARIO_OF(seq_cst_fences, publish_by_seq_cst_fence, see_by_seq_cst_fence)
SCENARIO_OF(fence_fence_by_rmws, publish_by_rmw_behind_fence, see_by_rmw_and_fence)
SCENARIO_OF(fence_sequence_fence, publish_by_fence, carry, see_two_by_fence)
SCENARIO_OF(fence_broken_fence, publish_by_fence, overwrite, see_two_by_fence)
SCENARIO_OF(fences_relay, publish_by_fence, relay_by_fences, see_two_by_fence)
SCENARIO_OF(fences_relay_too_early, publish_by_fence, relay_behind_fence,
            see_two_by_fence)
SCENARIO_OF(fence_behind_another_store, publish_elsewhere, see_by_fence)
SCENARIO_OF(acquire_fence_publishes_nothing, publish_by_acquire_fence, see_by_fence)
SCENARIO_OF(release_fence_sees_nothing, publish_by_fence, see_by_release_fence)
SCENARIO_OF(fence_too_early_to_publish, publish_behind_fence, see_by_fence)
SCENARIO_OF(fence_too_early_to_see, publish_by_fence, see_before_fence)

/* 7.17.4p3: a release fence and an acquire operation. */
SCENARIO_OF(fence_acquire, publish_by_fence, see_acquire)
SCENARIO_OF(fence_sequence_acquire, publish_by_fence, carry, see_two)
SCENARIO_OF(fence_broken_acquire, publish_by_fence, overwrite, see_two)
SCENARIO_OF(fence_relaxed, publish_by_fence, see_relaxed)

/* 7.17.4p4: a release operation and an acquire fence. */
SCENARIO_OF(release_fence, publish, see_by_fence)
SCENARIO_OF(release_sequence_fence, publish, carry, see_two_by_fence)
SCENARIO_OF(release_broken_fence, publish, overwrite, see_two_by_fence)
SCENARIO_OF(relaxed_fence, publish_relaxed, see_by_fence)

/* 7.17.4.2: a signal fence orders a thread with its own handlers only. */
SCENARIO_OF(signal_fence, publish, see_by_signal_fence)

/* 5.1.2.3p6, 7.17.1: volatile is not atomic, and an atomic object not atomic to a plain access. */

static volatile int volatile_flag;

static void write_volatile(void)
{
    volatile_flag = 1;
}

static void read_volatile(void)
{
    CHECK_EQ(volatile_flag, 1);
}

static int mixed;

static void store_atomically(void)
{
    __atomic_store_n(&mixed, 1, __ATOMIC_SEQ_CST);
}

static void load_atomically(void)
{
    CHECK_EQ(__atomic_load_n(&mixed, __ATOMIC_SEQ_CST), 1);
}

static void store_plainly(void)
{
    mixed = 1;
}

static void load_plainly(void)
{
    CHECK_EQ(mixed, 1);
}

static void load_atomically_zero(void)
{
    CHECK_EQ(__atomic_load_n(&mixed, __ATOMIC_RELAXED), 0);
}

static void load_plainly_zero(void)
{
    CHECK_EQ(mixed, 0);
}

/* The older builtins: full barriers, but for the two that say otherwise. */

static int word;

static void publish_by_sync(void)
{
    touch();
    CHECK_EQ(__sync_fetch_and_add(&word, 1), 0);
}

static void see_by_sync(void)
{
    CHECK(__sync_bool_compare_and_swap(&word, 1, 2));
    touch();
}

static void lock_by_test_and_set(void)
{
    while (__sync_lock_test_and_set(&word, 1) != 0)
        ;
    touch();
    __sync_lock_release(&word);
}

static void publish_by_synchronize(void)
{
    touch();
    __sync_synchronize();
    __atomic_store_n(&word, 1, __ATOMIC_RELAXED);
}

static void see_by_synchronize(void)
{
    CHECK_EQ(__atomic_load_n(&word, __ATOMIC_RELAXED), 1);
    __sync_synchronize();
    touch();
}

static void see_by_sync_too_early(void)
{
    touch();
    CHECK_EQ(__sync_fetch_and_add(&word, 1), 1);
}

SCENARIO_OF(volatile_is_not_atomic, write_volatile, read_volatile)
SCENARIO_OF(atomic_store_plain_load, store_atomically, load_plainly)
SCENARIO_OF(plain_store_atomic_load, store_plainly, load_atomically)
SCENARIO_OF(atomic_store_atomic_load, store_atomically, load_atomically)
SCENARIO_OF(plain_loads, load_atomically_zero, load_plainly_zero)
SCENARIO_OF(sync_builtins, publish_by_sync, see_by_sync)
SCENARIO_OF(sync_lock, lock_by_test_and_set, lock_by_test_and_set)
SCENARIO_OF(sync_synchronize, publish_by_synchronize, see_by_synchronize)
SCENARIO_OF(sync_too_late, publish_by_sync, see_by_sync_too_early)

static const struct scenario scenarios[] = {
    SCENARIO(release_acquire, NO_RACE),
    SCENARIO(release_seq_cst, NO_RACE),
    SCENARIO(release_consume, NO_RACE),
    SCENARIO(release_relaxed, RACE),
    SCENARIO(relaxed_acquire, RACE),
    SCENARIO(release_failed_cas, NO_RACE),
    SCENARIO(sequence_by_rmw, NO_RACE),
    SCENARIO(sequence_by_cas, NO_RACE),
    SCENARIO(sequence_by_own_store, NO_RACE),
    SCENARIO(sequence_by_own_store_and_rmw, NO_RACE),
    SCENARIO(sequence_broken, RACE),
    SCENARIO(sequence_taken_over, RACE),
    SCENARIO(happens_before_is_transitive, NO_RACE),
    SCENARIO(relaxed_relay, RACE),
    SCENARIO(fence_fence, NO_RACE),
    SCENARIO(acq_rel_fences, NO_RACE),
    SCENARIO(seq_cst_fences, NO_RACE),
    SCENARIO(fence_fence_by_rmws, NO_RACE),
    SCENARIO(fence_sequence_fence, NO_RACE),
    SCENARIO(fence_broken_fence, RACE),
    SCENARIO(fences_relay, NO_RACE),
    SCENARIO(fences_relay_too_early, RACE),
    SCENARIO(fence_behind_another_store, NO_RACE),
    SCENARIO(acquire_fence_publishes_nothing, RACE),
    SCENARIO(release_fence_sees_nothing, RACE),
    SCENARIO(fence_too_early_to_publish, RACE),
    SCENARIO(fence_too_early_to_see, RACE),
    SCENARIO(fence_acquire, NO_RACE),
    SCENARIO(fence_sequence_acquire, NO_RACE),
    SCENARIO(fence_broken_acquire, RACE),
    SCENARIO(fence_relaxed, RACE),
    SCENARIO(release_fence, NO_RACE),
    SCENARIO(release_sequence_fence, NO_RACE),
    SCENARIO(release_broken_fence, RACE),
    SCENARIO(relaxed_fence, RACE),
    SCENARIO(signal_fence, RACE),
    SCENARIO(volatile_is_not_atomic, RACE),
    SCENARIO(atomic_store_plain_load, RACE),
    SCENARIO(plain_store_atomic_load, RACE),
    SCENARIO(atomic_store_atomic_load, NO_RACE),
    SCENARIO(plain_loads, NO_RACE),
    SCENARIO(sync_builtins, NO_RACE),
    SCENARIO(sync_lock, NO_RACE),
    SCENARIO(sync_synchronize, NO_RACE),
    SCENARIO(sync_too_late, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 45 wrong
