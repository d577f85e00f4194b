/* A normal mutex that another thread unlocks hands over what that thread did. */
// BEYOND TSAN: it wants the locker to unlock
// GOC_RACE: report_mutex_bugs=0
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    shared = 1;
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    pthread_mutex_lock(&mutex);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    pthread_mutex_lock(&mutex);
    pair_in_order();
}
