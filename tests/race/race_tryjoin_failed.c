/* A pthread_tryjoin_np that finds the thread running orders nothing. */
#include "pair.h"

#include <errno.h>

int shared;
static struct barrier tried;

static void *run(void *unused)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    return unused;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    barrier_await(&step, 1);
    CHECK_EQ(pthread_tryjoin_np(thread, NULL), EBUSY);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    (void)first, (void)second;
}
