/* fclose closes the stream's descriptor. */
// BEYOND TSAN: it knows the descriptors of fdopen's streams no more
#include "pair.h"

#include <stdio.h>
#include <sys/socket.h>

static int ends[2];
static FILE *stream;

static void first(void)
{
    CHECK_EQ(send(ends[0], "x", 1, 0), 1); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(fclose(stream), 0); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    stream = fdopen(ends[0], "w");
    pair_in_order();
}
