/* A tree of a hundred thousand goroutines that sum their children's numbers up to the root, again
 * and again: births, ends, hand-overs and thefts all at once. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { FAN = 10, DEPTH = 5, ROUNDS = 5 };

static void node(chan_send_only(long) up, long number, int depth)
{
    if (depth == 0) {
        chan_send(up, number);
        return;
    }
    chan(long) below = chan_make(long, depth % 2 ? FAN : 0);
    for (int i = 0; i < FAN; i++)
        go node(below, number * FAN + i, depth - 1);
    long sum = 0;
    for (int i = 0; i < FAN; i++)
        sum += chan_recv(below);
    chan_free(below);
    chan_send(up, sum);
}

int main(void)
{
    chan(long) root = chan_make(long, 0);
    for (int round = 0; round < ROUNDS; round++) {
        go node(root, 0, DEPTH);
        CHECK_EQ(chan_recv(root), 4999950000L);
    }
    chan_free(root);
    printf("summed up\n");
}

// CHECK: summed up
