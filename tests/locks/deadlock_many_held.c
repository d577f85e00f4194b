/* 200 locks held at once, by one thread upwards and by another downwards.  All are taken
 * at one place each, so it is one report. */
#include "pair.h"

#define COUNT 200

static pthread_mutex_t locks[COUNT];

static void first(void)
{
    for (int i = 0; i < COUNT; i++)
        pthread_mutex_lock(&locks[i]);
    for (int i = 0; i < COUNT; i++)
        pthread_mutex_unlock(&locks[i]);
}

static void second(void)
{
    for (int i = COUNT - 1; i >= 0; i--)
        pthread_mutex_lock(&locks[i]);
    for (int i = COUNT - 1; i >= 0; i--)
        pthread_mutex_unlock(&locks[i]);
}

// CHECK: takes pthread_mutex 'locks[198]' at:
// CHECK: holds pthread_mutex 'locks[199]', taken at:
// CHECK: takes pthread_mutex 'locks[199]' at:
// CHECK: holds pthread_mutex 'locks[198]', taken at:
// CHECK: Found 1 error
int main(void)
{
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(pthread_mutex_init(&locks[i], NULL), 0);
    pair_in_order();
}
