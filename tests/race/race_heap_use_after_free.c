/* Reading a block that another thread has freed. */
#include "pair.h"

#include <stdlib.h>

char *block;
volatile char seen;

static void first(void)
{
    free(block); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    seen = block[5]; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    block = malloc(16);
    pair_in_order();
}
