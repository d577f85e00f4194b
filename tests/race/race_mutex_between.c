/* Another thread has had the lock in between: it knows what came before, and no more. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct barrier taken;

static void change(void)
{
    pthread_mutex_lock(&mutex);
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

static void first(void)
{
    change();
    change();
    barrier_arrive(&step);
    barrier_await(&taken, 1);
    change();
    barrier_arrive(&step);
}

static void second(void)
{
    barrier_await(&step, 1);
    pthread_mutex_lock(&mutex);
    shared++;
    pthread_mutex_unlock(&mutex);
    barrier_arrive(&taken);
    barrier_await(&step, 2);
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_at_once();
}
