/* quick_exit runs its functions and then says that there was a race. */
// BEYOND TSAN: it leaves the status of quick_exit alone
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int shared;

static void last(void)
{
    (void)!write(STDOUT_FILENO, "last\n", 5);
}

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    at_quick_exit(last);
    pair_in_order();
    quick_exit(3);
}

// CHECK-DAG: last
