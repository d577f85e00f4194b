/* What of a block was accessed has a name, however deep in its struct, and whether or not an
 * index decides. */
// CHECK-GOC-DAG: 'table.rows[2].high' (offset 14), allocated
// CHECK-GOC-DAG: 'struct queue.items[3]' (offset 19), allocated
// CHECK-GOC-DAG: 'struct queue.used' (offset 8), allocated
#include "pair.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct {
    int used;
    struct {
        short low;
        short high;
    } rows[4];
} table;

struct queue {
    struct queue *next;
    _Atomic long used;
    char items[8];
};

static table *tables;
static struct queue *queue;
static volatile int third = 3;

static void first(void)
{
    tables->rows[2].high = 1;  // CHECK-DAG: .c:[[#@LINE]]:
    queue->items[third] = 'a'; // CHECK-DAG: .c:[[#@LINE]]:
    queue->used++;             // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    tables->rows[2].high++;             // CHECK-DAG: .c:[[#@LINE]]:
    queue->items[third] = 'b';          // CHECK-DAG: .c:[[#@LINE]]:
    *(volatile long *)&queue->used = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    tables = malloc(sizeof *tables);
    queue = calloc(1, sizeof *queue);
    pair_in_order();
    free(tables);
    free(queue);
}
