/* What is checked together is no more than what is accessed: the bytes between, before and
 * behind are somebody else's. */
// FLAGS: -O2
#include "pair.h"

#include <stdlib.h>

enum { SIZE = 20, ROOM = 40 };

struct record {
    long key;
    int count, weight;
    long other;
    char tag, flags;
    long sums[6];
};

static struct record *record;
static char objects[8][ROOM] __attribute__((__aligned__(8)));

__attribute__((__noinline__)) static void fill(char *object)
{
    __builtin_memset(object, 1, SIZE);
}

static void first(void)
{
    struct record *r = record;
    for (int again = 0; again < 2; again++) {
        r->key = 1;
        r->weight = 2;
        r->flags = 3;
        r->sums[0] = r->sums[1] = r->sums[4] = 4;
        for (int byte = 0; byte < 8; byte++)
            fill(objects[byte] + byte);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
}

static void second(void)
{
    struct record *r = record;
    r->count = 1;
    r->other = 2;
    r->tag = 3;
    r->sums[2] = r->sums[3] = r->sums[5] = 4;
    for (int byte = 0; byte < 8; byte++) {
        objects[byte][byte + SIZE] = 1;
        if (byte > 0)
            objects[byte][byte - 1] = 1;
    }
}

int main(void)
{
    record = malloc(sizeof *record);
    pair_in_order();
    free(record);
}
