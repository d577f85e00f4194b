/* _exit, past everything that exit runs, still says that there was a race. */
#include "pair.h"

#include <unistd.h>

int shared;

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
    pair_in_order();
    _exit(0);
}
