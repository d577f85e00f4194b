/* Two mutexes are no mutex. */
#include "pair.h"

int shared;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&one);
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&one);
}

static void second(void)
{
    pthread_mutex_lock(&other);
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&other);
}

int main(void)
{
    pair_in_order();
}
