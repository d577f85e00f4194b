/* First in, first out: through a buffer, and through a chain of waiters that pass a value on,
 * each waiting for the one before it. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { COUNT = 10 };

static void buffered(void)
{
    chan(int) c = chan_make(int, COUNT);
    for (int i = 0; i < COUNT; i++)
        chan_send(c, i);
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(chan_recv(c), i);
    chan_free(c);
}

static void link_of_chain(chan_recv_only(int) values, int expected,
                          chan_recv_only(int) before, chan_send_only(int) after)
{
    chan_recv(before);
    CHECK_EQ(chan_recv(values), expected);
    chan_send(after, 1);
}

static void chained(void)
{
    chan(int) values = chan_make(int, 0);
    chan(int) links[COUNT + 1];
    for (int i = 0; i <= COUNT; i++)
        links[i] = chan_make(int, 1);
    for (int i = 0; i < COUNT; i++)
        go link_of_chain(values, i, links[i], links[i + 1]);
    chan_send(links[0], 0);
    for (int i = 0; i < COUNT; i++)
        chan_send(values, i);
    chan_recv(links[COUNT]);
    for (int i = 0; i <= COUNT; i++)
        chan_free(links[i]);
    chan_free(values);
}

int main(void)
{
    buffered();
    chained();
    printf("in order\n");
}

// CHECK: in order
