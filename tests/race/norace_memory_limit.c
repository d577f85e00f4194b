/* Threads whose marks are taken away under their hands, crowds and all, report nothing and go
 * on. */
// GOC_RACE: memory_limit_mb=20
// BEYOND TSAN: its key of the name is in its own variable.
#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, TURNS = 3, WORDS = 1 << 20 };

static long *shared;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

/* Reads by all threads are marks of each; the writer behind them knows them all. */
static void *work(void *number)
{
    unsigned seed = (unsigned)(size_t)number;
    for (int turn = 0; turn < TURNS; turn++) {
        long sum = 0;
        CHECK_EQ(pthread_rwlock_rdlock(&lock), 0);
        for (int i = 0; i < WORDS / 4; i++) {
            seed = seed * 1664525 + 1013904223;
            sum += shared[seed % WORDS];
        }
        CHECK_EQ(pthread_rwlock_unlock(&lock), 0);
        CHECK_EQ(pthread_rwlock_wrlock(&lock), 0);
        for (int i = 0; i < WORDS / 16; i++) {
            seed = seed * 1664525 + 1013904223;
            shared[seed % WORDS] += sum;
        }
        CHECK_EQ(pthread_rwlock_unlock(&lock), 0);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    shared = calloc(WORDS, sizeof *shared);
    for (size_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, work, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    free(shared);
}
