/* Two threads on one block of the heap: the report says where it was allocated, and what of
 * it was accessed. */
// CHECK-GOC-DAG: Location is heap block of size 16 at {{.*}}, 'struct node.value' (offset 8), allocated by main thread
#include "pair.h"

#include <stdlib.h>

struct node {
    long key;
    int value;
};

struct node *node;

static void first(void)
{
    node->value = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    node->value = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    node = malloc(sizeof *node); // CHECK-DAG: .c:[[#@LINE]]:
    pair_in_order();
    free(node);
}
