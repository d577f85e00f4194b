/* read and write access the caller's memory: only what was really transferred. */
#include "pair.h"

#include <unistd.h>

char incoming[8];
char outgoing[8];
static int ends[2];

static void first(void)
{
    CHECK_EQ(write(ends[1], outgoing, 4), 4); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(read(ends[0], incoming, 8), 4);  // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    incoming[3] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    outgoing[3] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    incoming[4] = 1;
    outgoing[4] = 1;
}

int main(void)
{
    CHECK_EQ(pipe(ends), 0);
    pair_in_order();
}

// CHECK-GOC: Found 2 data races
