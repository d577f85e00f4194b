/* A table that several threads read as a whole, again and again, and one writes an entry of:
 * each of them races with it, and nothing else does. */
#include "pair.h"

enum { ENTRIES = 4096, READERS = 3, ROUNDS = 4, WRITTEN = 2000 };

static int table[ENTRIES];
static pthread_mutex_t turns[READERS] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static long sum(void)
{
    long all = 0;
    for (int i = 0; i < ENTRIES; i++)
        all += table[i]; // CHECK-DAG: .c:[[#@LINE]]:
    return all;
}

/* Each reader's turns are moments of its own, which order it with nobody. */
static void *read_all(void *turn)
{
    for (int round = 0; round < ROUNDS; round++) {
        CHECK_EQ(sum(), ENTRIES);
        CHECK_EQ(pthread_mutex_lock(turn), 0);
        CHECK_EQ(pthread_mutex_unlock(turn), 0);
    }
    return NULL;
}

static void first(void)
{
    pthread_t readers[READERS];
    for (int i = 0; i < READERS; i++)
        CHECK_EQ(pthread_create(&readers[i], NULL, read_all, &turns[i]), 0);
    for (int i = 0; i < READERS; i++)
        CHECK_EQ(pthread_join(readers[i], NULL), 0);
}

static void second(void)
{
    table[WRITTEN] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    for (int i = 0; i < ENTRIES; i++)
        table[i] = 1;
    pair_in_order();
}
