/* Where it is not there, a compare-and-swap writes what it expected. */
// BEYOND TSAN: it does not see what libatomic does
// FLAGS: -Wno-atomic-alignment
#include "pair.h"

#include <stdatomic.h>

struct triple {
    long a, b, c;
};

static struct triple expected = {1, 1, 1};
static _Atomic struct triple triple;

static void first(void)
{
    struct triple next = {1, 2, 3};
    CHECK(!atomic_compare_exchange_strong(&triple, &expected, next));
}

static void second(void)
{
    expected.b = 2;
}

int main(void)
{
    pair_in_order();
}
