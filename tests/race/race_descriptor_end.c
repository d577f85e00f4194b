/* The end of one pipe says nothing of another's, a message nothing of who closed a copy later, and
 * the end of a file nothing of who closed it. */
// BEYOND TSAN: it takes a write of a pipe for an acquire as well
#include "pair.h"

#include <fcntl.h>
#include <unistd.h>

int shared[3];
static int ends[2];
static int others[2];
static int both[2];
static int copy;
static char name[] = "/dev/null";

static void first(void)
{
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(close(others[1]), 0);
    CHECK_EQ(write(both[1], "x", 1), 1);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(close(copy), 0);
    shared[2] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    int fd = open(name, O_RDONLY);
    CHECK_EQ(close(fd), 0);
}

static void second(void)
{
    char byte;
    int fd = open(name, O_RDONLY);
    CHECK_EQ(read(fd, &byte, 1), 0);
    shared[2] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(close(ends[1]), 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    shared[0] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(read(both[0], &byte, 1), 1);
    shared[1] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK(pipe(ends) == 0 && pipe(others) == 0 && pipe(both) == 0);
    copy = dup(both[1]);
    pair_in_order();
}
