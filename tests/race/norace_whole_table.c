/* A table that threads read as a whole in turns and that is written between the turns, all of
 * it or one entry: what orders the turns orders them with the writes. */
#include "check.h"

#include <pthread.h>

enum { ENTRIES = 4096, READERS = 3, ROUNDS = 12 };

static int table[ENTRIES];
static pthread_barrier_t turn;

static void *read_all(void *unused)
{
    for (int round = 0; round < ROUNDS; round++) {
        long all = 0;
        for (int i = 0; i < ENTRIES; i++)
            all += table[i];
        CHECK_EQ(all, (long)ENTRIES * (round / 4 + 1) + round % 4);
        pthread_barrier_wait(&turn); // all have read
        pthread_barrier_wait(&turn); // it is written
    }
    return unused;
}

int main(void)
{
    pthread_t readers[READERS];
    CHECK_EQ(pthread_barrier_init(&turn, NULL, READERS + 1), 0);
    for (int i = 0; i < ENTRIES; i++)
        table[i] = 1;
    for (int i = 0; i < READERS; i++)
        CHECK_EQ(pthread_create(&readers[i], NULL, read_all, NULL), 0);
    for (int round = 1; round <= ROUNDS; round++) {
        pthread_barrier_wait(&turn);
        if (round % 4 != 0)
            table[round * 100]++;
        for (int i = 0; round % 4 == 0 && i < ENTRIES; i++)
            table[i] = round / 4 + 1;
        pthread_barrier_wait(&turn);
    }
    for (int i = 0; i < READERS; i++)
        CHECK_EQ(pthread_join(readers[i], NULL), 0);
    CHECK_EQ(pthread_barrier_destroy(&turn), 0);
}
