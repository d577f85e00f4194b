/* What was done before pthread_create is before all that the thread does. */
#include "pair.h"

int shared;

static void first(void)
{
    CHECK_EQ(shared, 1);
}

static void second(void)
{
    CHECK_EQ(shared, 1);
}

int main(void)
{
    shared = 1;
    pair_in_order();
}
