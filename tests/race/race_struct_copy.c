/* Copying a struct reads and writes all of it, small or large. */
#include "pair.h"

struct small {
    int a, b, c;
};
struct large {
    char bytes[500];
};

struct small small, small_copy;
struct large large, large_copy;

static void first(void)
{
    small_copy = small; // CHECK-DAG: .c:[[#@LINE]]:
    large_copy = large; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    small.b = 1;               // CHECK-DAG: .c:[[#@LINE]]:
    large_copy.bytes[499] = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
