/* What a compare-and-swap expects is only read where it is there: several may expect one object. */
// BEYOND TSAN: it does not see what libatomic does
// FLAGS: -Wno-atomic-alignment
#include "pair.h"

#include <stdatomic.h>

struct triple {
    long a, b, c;
};

struct twice {
    long a, b;
};

static struct triple no_triple;
static struct twice no_twice;
static _Atomic struct triple triples[2];
static _Atomic struct twice twices[2];

static void swap(int i)
{
    struct triple triple = {1, 2, 3};
    struct twice twice = {1, 2};
    CHECK(atomic_compare_exchange_strong(&triples[i], &no_triple, triple));
    CHECK(atomic_compare_exchange_strong(&twices[i], &no_twice, twice));
}

static void first(void)
{
    swap(0);
}

static void second(void)
{
    swap(1);
}

int main(void)
{
    pair_in_order();
}
