/* A thread that takes its lock again, nobody in between: who takes none races with it. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    for (int i = 0; i < 10; i++) {
        pthread_mutex_lock(&mutex);
        shared++; // CHECK-DAG: .c:[[#@LINE]]:
        pthread_mutex_unlock(&mutex);
    }
}

static void second(void)
{
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
