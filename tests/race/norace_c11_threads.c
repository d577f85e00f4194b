/* <threads.h>: threads, their results, mutexes and conditions order like pthreads. */
#include "barrier.h"
#include "check.h"

#include <threads.h>
#include <time.h>

int shared;
static int ready;
static mtx_t mutex;
static cnd_t condition;

static int produce(void *unused)
{
    (void)unused;
    shared = 1;
    CHECK_EQ(mtx_lock(&mutex), thrd_success);
    ready = 1;
    CHECK_EQ(cnd_signal(&condition), thrd_success);
    CHECK_EQ(mtx_unlock(&mutex), thrd_success);
    return 7;
}

static int consume(void *unused)
{
    (void)unused;
    struct timespec deadline;
    timespec_get(&deadline, TIME_UTC);
    deadline.tv_sec += 60;
    CHECK_EQ(mtx_timedlock(&mutex, &deadline), thrd_success);
    while (!ready)
        CHECK_EQ(cnd_timedwait(&condition, &mutex, &deadline), thrd_success);
    CHECK_EQ(mtx_unlock(&mutex), thrd_success);
    shared++;
    thrd_exit(-3);
}

int main(void)
{
    thrd_t producer, consumer;
    int result;
    CHECK_EQ(mtx_init(&mutex, mtx_timed), thrd_success);
    CHECK_EQ(cnd_init(&condition), thrd_success);
    CHECK_EQ(thrd_create(&consumer, consume, NULL), thrd_success);
    CHECK_EQ(thrd_create(&producer, produce, NULL), thrd_success);
    CHECK_EQ(thrd_join(producer, &result), thrd_success);
    CHECK_EQ(result, 7);
    CHECK_EQ(thrd_join(consumer, &result), thrd_success);
    CHECK_EQ(result, -3);
    CHECK_EQ(shared, 2);
    cnd_destroy(&condition);
    mtx_destroy(&mutex);
}
