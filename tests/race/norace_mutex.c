/* One mutex around both sides. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void add(void)
{
    pthread_mutex_lock(&mutex);
    shared++;
    pthread_mutex_unlock(&mutex);
}

static void first(void)
{
    add();
}

static void second(void)
{
    add();
}

int main(void)
{
    pair_in_order();
    CHECK_EQ(shared, 2);
}
