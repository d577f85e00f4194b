/* Reading the environment on both sides, and writing it before the threads are there. */
#include "pair.h"

#include <stdlib.h>

static void first(void)
{
    CHECK_STR(getenv("GOC_TEST"), "1");
}

static void second(void)
{
    first();
}

int main(void)
{
    setenv("GOC_TEST", "1", 1);
    pair_in_order();
}
