/* Bit-fields that share a unit are one memory location (C17 3.14). */
#include "pair.h"

struct flags {
    unsigned one : 1;
    unsigned other : 1;
};

struct flags flags;

static void first(void)
{
    flags.one = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    flags.other = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
