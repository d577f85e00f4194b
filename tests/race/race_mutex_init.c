/* A mutex that one thread initialises while another uses it. */
#include "pair.h"

static pthread_mutex_t mutex;

static void first(void)
{
    pthread_mutex_init(&mutex, NULL); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    pthread_mutex_lock(&mutex); // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pair_in_order();
}
