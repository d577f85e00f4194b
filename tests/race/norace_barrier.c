/* What was done before a barrier is before what anybody does behind it, round after
 * round. */
#include "pair.h"

#define ROUNDS 100

static int mine[2];
static pthread_barrier_t barrier;

static void side(int me)
{
    for (int i = 0; i < ROUNDS; i++) {
        mine[me] = i;
        pthread_barrier_wait(&barrier);
        CHECK_EQ(mine[1 - me], i);
        pthread_barrier_wait(&barrier);
    }
}

static void first(void)
{
    side(0);
}

static void second(void)
{
    side(1);
}

int main(void)
{
    CHECK_EQ(pthread_barrier_init(&barrier, NULL, 2), 0);
    pair_at_once();
    CHECK_EQ(pthread_barrier_destroy(&barrier), 0);
}
