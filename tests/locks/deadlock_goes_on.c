/* GOC_RACE=halt_on_deadlock=0: two threads wait for each other for ever, and the others go on. */
#include "pair.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&a); // CHECK-DAG: deadlock_goes_on.c:[[#@LINE]]:
    barrier_meet(&step, 2);
    pthread_mutex_lock(&b); // CHECK-DAG: deadlock_goes_on.c:[[#@LINE]]:
}

static void second(void)
{
    pthread_mutex_lock(&b); // CHECK-DAG: deadlock_goes_on.c:[[#@LINE]]:
    barrier_meet(&step, 2);
    pthread_mutex_lock(&a); // CHECK-DAG: deadlock_goes_on.c:[[#@LINE]]:
}

/* In glibc a mutex begins with a word that is 2 once a thread sleeps for it; no detector sees the
 * barrier's look at it. */
static int sleeps_for(const pthread_mutex_t *mutex)
{
    return barrier_reached((const struct barrier *)(const void *)mutex, 2);
}

static void *leave(void *unused)
{
    while (!sleeps_for(&a) || !sleeps_for(&b))
        sched_yield();
    (void)!write(STDOUT_FILENO, "went on\n", 8);
    exit(0);
    return unused;
}

// CHECK-DAG: went on
// CHECK-DAG: WARNING: DEADLOCK
int main(void)
{
    pthread_t other;
    CHECK_EQ(pthread_create(&other, NULL, leave, NULL), 0);
    pair_at_once();
}
