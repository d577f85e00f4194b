/* Whoever writes the reports keeps none of the program's descriptors: its pipes still end. */
#include "pair.h"

#include <unistd.h>

int shared;
static int ends[2];

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    char byte;
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(close(ends[1]), 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}

int main(void)
{
    CHECK_EQ(pipe(ends), 0);
    pair_in_order();
}
