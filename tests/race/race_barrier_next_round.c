/* A thread that already arrives for the next round is not before one that has yet to leave
 * this one. */
// BEYOND TSAN: who is slow to leave acquires what the next round has released
#include "pair.h"

int shared;
static pthread_barrier_t barrier;
static struct barrier late;

static void *third(void *unused)
{
    pthread_barrier_wait(&barrier);
    barrier_await(&late, 1);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
    pthread_barrier_wait(&barrier);
    return unused;
}

static void *fast(void *unused)
{
    pthread_barrier_wait(&barrier);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&late);
    pthread_barrier_wait(&barrier);
    return unused;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    CHECK_EQ(pthread_barrier_init(&barrier, NULL, 2), 0);
    pair_run(fast, third);
    (void)first, (void)second;
}
