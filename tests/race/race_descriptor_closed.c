/* A descriptor is closed while another thread may use it: that one's bytes may go to whatever
 * file gets the number next. */
#include "pair.h"

#include <unistd.h>

static int ends[2];

static void first(void)
{
    CHECK_EQ(write(ends[1], "x", 1), 1); // CHECK-DAG: .c:[[#@LINE]]:
}

// CHECK-GOC-DAG: Close of file descriptor
// CHECK-GOC-DAG: Previous use of file descriptor
// CHECK-GOC-DAG: Location is file descriptor {{[0-9]+}}, opened by main thread at:
// CHECK-GOC-DAG: is done with file descriptor {{[0-9]+}} before it closes it
static void second(void)
{
    CHECK_EQ(close(ends[1]), 0); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK_EQ(pipe(ends), 0);
    pair_in_order();
}
