/* A mutex initialised again is another mutex: it does not order what the old one saw. */
// BEYOND TSAN: it stops at the mutex
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&mutex); // CHECK-DAG: .c:[[#@LINE]]:
    shared = 1;                 // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    pthread_mutex_init(&mutex, NULL); // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_lock(&mutex);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pair_in_order();
}
