/* A table that threads hand to each other, who read all of it and then write parts of it; and one
 * of which they read what the others do not write, in the same lines. */
#include "check.h"

#include <pthread.h>

enum { ENTRIES = 96, PART = 5, THREADS = 3, ROUNDS = 30 };

static int handed[ENTRIES], shared[ENTRIES] __attribute__((__aligned__(64)));
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *take_turns(void *which)
{
    int *own = shared + *(int *)which * (ENTRIES / THREADS) - *(int *)which;
    for (int round = 0; round < ROUNDS; round++) {
        int all = 0;
        CHECK_EQ(pthread_mutex_lock(&turn), 0);
        for (int i = 0; i < ENTRIES; i++)
            all += handed[i];
        for (int i = round; i < round + PART; i++)
            handed[i] += all % 2 + 1;
        CHECK_EQ(pthread_mutex_unlock(&turn), 0);
        all = 0;
        for (int i = 0; i < ENTRIES / THREADS - 1; i++)
            all += own[i];
        for (int i = round % PART; i < ENTRIES / THREADS - 1; i += PART)
            own[i] = all;
    }
    return NULL;
}

int main(void)
{
    static int number[THREADS] = {0, 1, 2};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, take_turns, &number[i]), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK(handed[ROUNDS] > 0);
}
