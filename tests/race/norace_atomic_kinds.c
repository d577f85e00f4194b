/* Every read-modify-write releases and acquires by its order, on every width. */
// BEYOND TSAN: it does not see what libatomic does
#include "pair.h"

#include <stdatomic.h>
#include <stdbool.h>

int shared[10];
static _Atomic unsigned char bits8;
static _Atomic short bits16;
static _Atomic int bits32;
static long bits64;
static _Atomic unsigned __int128 bits128;
static _Atomic double real;
static _Atomic bool truth;
static _Atomic(char *) pointer;
static atomic_flag taken = ATOMIC_FLAG_INIT;
static int maximum;

static void first(void)
{
    shared[0] = 1;
    atomic_fetch_or_explicit(&bits8, 1, memory_order_release);
    shared[1] = 1;
    atomic_fetch_sub_explicit(&bits16, 1, memory_order_release);
    shared[2] = 1;
    atomic_exchange_explicit(&bits32, 1, memory_order_release);
    shared[3] = 1;
    __atomic_fetch_xor(&bits64, 1, __ATOMIC_ACQ_REL);
    shared[4] = 1;
    atomic_fetch_add(&bits128, 1);
    shared[5] = 1;
    real += 1.5;
    shared[6] = 1;
    truth = true;
    shared[7] = 1;
    pointer++;
    shared[8] = 1;
    atomic_flag_test_and_set_explicit(&taken, memory_order_release);
    shared[9] = 1;
    __atomic_fetch_max(&maximum, 3, __ATOMIC_RELEASE);
}

static void second(void)
{
    CHECK_EQ(atomic_fetch_and_explicit(&bits8, 1, memory_order_acquire), 1);
    CHECK_EQ(shared[0], 1);
    CHECK_EQ(atomic_load_explicit(&bits16, memory_order_acquire), -1);
    CHECK_EQ(shared[1], 1);
    int expected = 1;
    CHECK(atomic_compare_exchange_strong_explicit(
        &bits32, &expected, 2, memory_order_acquire, memory_order_relaxed));
    CHECK_EQ(shared[2], 1);
    CHECK_EQ(__atomic_fetch_nand(&bits64, 1, __ATOMIC_ACQUIRE), 1);
    CHECK_EQ(shared[3], 1);
    CHECK_EQ((int)atomic_load(&bits128), 1);
    CHECK_EQ(shared[4], 1);
    CHECK(real == 1.5);
    CHECK_EQ(shared[5], 1);
    CHECK(truth);
    CHECK_EQ(shared[6], 1);
    CHECK(pointer == (char *)1);
    CHECK_EQ(shared[7], 1);
    CHECK(atomic_flag_test_and_set_explicit(&taken, memory_order_acquire));
    CHECK_EQ(shared[8], 1);
    CHECK_EQ(__atomic_fetch_min(&maximum, 1, __ATOMIC_ACQUIRE), 3);
    CHECK_EQ(shared[9], 1);
}

int main(void)
{
    pair_in_order();
}
