/* A program of one thread reads a block that it has freed, in its middle. */
// BEYOND TSAN: of a freed block TSan marks the first KiB
#include <stdlib.h>

char *block, *last;
volatile char seen;

int main(void)
{
    block = malloc(64 * 1024);
    last = malloc(16); // the block's pages stay the heap's
    block[40000] = 1;
    free(block);         // CHECK-DAG: after_free_alone.c:[[#@LINE]]:
    seen = block[40000]; // CHECK-DAG: after_free_alone.c:[[#@LINE]]:
    free(last);
}
