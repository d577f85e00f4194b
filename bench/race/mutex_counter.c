/* Two threads increment a counter under one pthread mutex: the cost of synchronization. */
#include "bench.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int64_t counter; /* mutex */

static void *count_up(void *times)
{
    for (int i = 0; i < *(int *)times; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int times = bench_argument(argc, argv, 1, 1000000);
    pthread_t threads[2];
    int64_t start = bench_now_ns();
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, count_up, &times) != 0)
            abort();
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    if (counter != 2 * (int64_t)times)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
