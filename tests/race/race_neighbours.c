/* Fields that are checked together are told of one by one: each race has its own line. */
// FLAGS: -O2
#include "pair.h"

#include <stdlib.h>
#include <string.h>

enum { SUMS = 6, SIZE = 20, ROOM = 40 };

struct record {
    long key;
    int count, weight;
    struct record *next;
    char tag, flags;
    long sums[SUMS];
};

static struct record *record;
static char objects[2][8][ROOM] __attribute__((__aligned__(8)));

/* 20 bytes anywhere in their words. */
__attribute__((__noinline__)) static void fill(char *object)
{
    __builtin_memset(object, 1, SIZE);
}

/* What the first access left out is not known when the second one asks. */
static void fill_in_two(char *object, size_t missing)
{
    memset(object, 1, missing);
    memset(object + missing + 1, 1, SIZE - 1 - missing);
    fill(object);
}

static void first(void)
{
    struct record *r = record;
    r->weight = 1;  // CHECK-DAG: .c:[[#@LINE]]:15
    r->key = 2;     // CHECK-DAG: .c:[[#@LINE]]:12
    r->next = NULL; // CHECK-DAG: .c:[[#@LINE]]:13
    r->flags = 3;   // CHECK-DAG: .c:[[#@LINE]]:14
    for (int i = 0; i < SUMS; i++)
        r->sums[i] = i; // CHECK-DAG: .c:[[#@LINE]]:20
    for (int byte = 0; byte < 8; byte++) {
        fill_in_two(objects[0][byte] + byte, 0);
        fill_in_two(objects[1][byte] + byte, SIZE - 1);
    }
}

static void second(void)
{
    struct record *r = record;
    r->key = 1;            // CHECK-DAG: .c:[[#@LINE]]:12
    r->weight = 1;         // CHECK-DAG: .c:[[#@LINE]]:15
    r->next = NULL;        // CHECK-DAG: .c:[[#@LINE]]:13
    r->flags = 1;          // CHECK-DAG: .c:[[#@LINE]]:14
    r->sums[SUMS - 1] = 1; // CHECK-DAG: .c:[[#@LINE]]:23
    r->count = 1;          // nobody else's
    r->tag = 1;
    objects[0][0][0] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][1][1] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][2][2] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][3][3] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][4][4] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][5][5] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][6][6] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[0][7][7] = 2;        // CHECK-DAG: .c:[[#@LINE]]:22
    objects[1][0][SIZE - 1] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
    objects[1][1][SIZE] = 2;     // CHECK-DAG: .c:[[#@LINE]]:25
    objects[1][2][SIZE + 1] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
    objects[1][3][SIZE + 2] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
    objects[1][4][SIZE + 3] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
    objects[1][5][SIZE + 4] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
    objects[1][6][SIZE + 5] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
    objects[1][7][SIZE + 6] = 2; // CHECK-DAG: .c:[[#@LINE]]:29
}

int main(void)
{
    record = malloc(sizeof *record);
    pair_in_order();
    free(record);
}
