/* A cancelled waiter holds the mutex when its cleanup handlers run. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void clean(void *unused)
{
    (void)unused;
    shared++;
    pthread_mutex_unlock(&mutex);
}

static void *run(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(clean, NULL);
    barrier_arrive(&step);
    for (;;)
        pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(1);
    return unused;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    barrier_await(&step, 1);
    pthread_mutex_lock(&mutex);
    shared++;
    CHECK_EQ(pthread_cancel(thread), 0);
    pthread_mutex_unlock(&mutex);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(shared, 2);
    (void)first, (void)second;
}
