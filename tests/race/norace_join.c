/* All that a thread did is before the return of the pthread_join of it. */
#include "pair.h"

int shared;

static void first(void)
{
    shared++;
}

static void second(void) {}

int main(void)
{
    pair_in_order();
    shared++;
    CHECK_EQ(shared, 2);
}
