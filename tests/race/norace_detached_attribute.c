/* Detached threads one after another on the same stack: what the one before left there is
 * not the next one's business. */
#include "pair.h"

static int sum;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct barrier done;

__attribute__((noinline)) static void touch(int *local)
{
    *local = 1;
}

static void *run(void *unused)
{
    int local[16];
    for (int i = 0; i < 16; i++)
        touch(&local[i]);
    pthread_mutex_lock(&mutex);
    sum += local[7];
    pthread_mutex_unlock(&mutex);
    barrier_arrive(&done);
    return unused;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pair_in_order();
    CHECK_EQ(pthread_attr_init(&attributes), 0);
    CHECK_EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
    for (unsigned i = 0; i < 50; i++) {
        CHECK_EQ(pthread_create(&thread, &attributes, run, NULL), 0);
        barrier_await(&done, i + 1);
    }
    pthread_mutex_lock(&mutex);
    CHECK_EQ(sum, 50);
    pthread_mutex_unlock(&mutex);
}
