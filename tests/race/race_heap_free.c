/* Freeing a block that another thread writes. */
#include "pair.h"

#include <stdlib.h>

char *block;

static void first(void)
{
    block[5] = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    free(block); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    block = malloc(16);
    pair_in_order();
}
