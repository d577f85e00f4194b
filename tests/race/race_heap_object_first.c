/* A block stays known where an object is made at its beginning: its end is an access. */
#include "pair.h"

#include <stdlib.h>

static struct {
    pthread_mutex_t mutex;
    int value;
} *block;

static void first(void)
{
    free(block); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    block->value = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

// CHECK-GOC-DAG: Location is heap block of size 48
// CHECK-GOC-DAG: freed by thread {{[0-9]+}} at:
int main(void)
{
    block = malloc(sizeof *block);
    CHECK_EQ(pthread_mutex_init(&block->mutex, NULL), 0);
    pair_in_order();
}
