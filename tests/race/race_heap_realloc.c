/* realloc reads what it keeps and frees the old block. */
#include "pair.h"

#include <stdlib.h>

char *block;

static void first(void)
{
    block[5] = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    block = realloc(block, 10000); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    block = malloc(16);
    pair_in_order();
    free(block);
}
