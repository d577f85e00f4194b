/* Whoever takes a lock is ordered after all that was done before it was given back, how often
 * another thread has taken it in a row. */
#include "pair.h"

int inside;
int between;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    for (int i = 0; i < 10; i++) {
        between++;
        pthread_mutex_lock(&mutex);
        inside++;
        pthread_mutex_unlock(&mutex);
    }
}

static void second(void)
{
    pthread_mutex_lock(&mutex);
    inside++;
    between++;
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pair_in_order();
    CHECK_EQ(inside, 11);
    CHECK_EQ(between, 11);
}
