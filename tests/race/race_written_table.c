/* A table that one thread wrote is read by another as a whole, moment by moment: what both know is
 * ordered, and a third's writes race with the last reading, whichever entries they are of. */
#include "pair.h"

enum { ENTRIES = 100, ROUNDS = 3 };

static int table[ENTRIES];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *fill(void *unused)
{
    for (int i = 0; i < ENTRIES; i++)
        table[i] = 1;
    return unused;
}

static void first(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        int all = 0;
        for (int i = 0; i < ENTRIES; i++)
            all += table[i]; // CHECK-DAG: .c:[[#@LINE]]:
        CHECK_EQ(all, ENTRIES);
        CHECK_EQ(pthread_mutex_lock(&turn), 0);
        CHECK_EQ(pthread_mutex_unlock(&turn), 0);
    }
}

static void second(void)
{
    table[0] = 2;           // CHECK-DAG: .c:[[#@LINE]]:14
    table[ENTRIES / 2] = 2; // CHECK-DAG: .c:[[#@LINE]]:24
    table[ENTRIES - 1] = 2; // CHECK-DAG: .c:[[#@LINE]]:24
}

int main(void)
{
    pthread_t filler;
    CHECK_EQ(pthread_create(&filler, NULL, fill, NULL), 0);
    CHECK_EQ(pthread_join(filler, NULL), 0);
    pair_in_order();
}
