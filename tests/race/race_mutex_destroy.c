/* A mutex that one thread destroys while another may still use it. */
#include "pair.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&mutex); // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    pthread_mutex_destroy(&mutex); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
