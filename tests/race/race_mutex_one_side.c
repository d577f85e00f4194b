/* A lock on one side only. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    pthread_mutex_lock(&mutex);
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pair_in_order();
}
