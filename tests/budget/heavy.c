/* heavy ROUNDS: ordered accesses of much memory, what a budget is for.  Prints nothing. */
#include <pthread.h>
#include <stdlib.h>

enum { TABLE = 1 << 19, KEYS = 1 << 18, SHIFT = 45 };

static unsigned long *table;
static int rounds;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((__noinline__)) static void insert(unsigned long key)
{
    unsigned long at = key * 11400714819323198485ul >> SHIFT;
    while (table[at % TABLE] != 0 && table[at % TABLE] != key)
        at++;
    table[at % TABLE] = key;
}

static void *work(void *unused)
{
    for (int round = 0; round < rounds; round++) {
        pthread_mutex_lock(&lock);
        for (unsigned long key = 1; key < KEYS; key++)
            insert(key + (unsigned long)round);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(int count, char **arguments)
{
    pthread_t threads[2];
    rounds = count > 1 ? atoi(arguments[1]) : 1;
    table = calloc(TABLE, sizeof *table);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    free(table);
}
