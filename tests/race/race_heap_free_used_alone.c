/* A block whose middle nobody touched but one who was alone, is freed by one thread and then
 * read there by another. */
// BEYOND TSAN: of a freed block TSan marks the first KiB
#include "pair.h"

#include <stdlib.h>

char *block, *last;
volatile char seen;

static void first(void)
{
    free(block); // CHECK-DAG: free_used_alone.c:[[#@LINE]]:
}

static void second(void)
{
    seen = block[40000]; // CHECK-DAG: free_used_alone.c:[[#@LINE]]:
}

int main(void)
{
    block = malloc(64 * 1024);
    last = malloc(16); // the block's pages stay the heap's
    block[40000] = 1;
    pair_run(pair_second, pair_first); // both have their memory before the block is free
    free(last);
}
