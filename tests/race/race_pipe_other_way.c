/* Reading from a pipe does not order the reader before its writer, nor does another pipe. */
// BEYOND TSAN: it takes a write of a pipe for an acquire as well
#include "pair.h"

#include <unistd.h>

int shared[2];
static int ends[2];
static int others[2];

static void first(void)
{
    char byte;
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(write(others[1], "y", 1), 1);
}

static void second(void)
{
    CHECK_EQ(write(ends[1], "z", 1), 1);
    shared[0] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    shared[1] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(pipe(others), 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    pair_in_order();
}
