/* setenv writes the environment that getenv reads. */
// BEYOND TSAN: it does not say where the environment was written
#include "pair.h"

#include <stdlib.h>

static void first(void)
{
    setenv("GOC_TEST", "1", 1); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_STR(getenv("GOC_TEST"), "1"); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
