/* Races in atexit functions and destructors count as well, and buffered output is not
 * lost. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>

int shared;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

__attribute__((destructor)) static void late(void)
{
    pair_in_order();
    printf("late");
}

static void early(void)
{
    printf("early");
}

int main(void)
{
    atexit(early);
    printf("main");
    exit(0);
}

// CHECK-DAG: mainearlylate
