/* What libc refuses with an answer that POSIX promises is no misuse. */
#include "pair.h"

#include <errno.h>

static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void first(void)
{
    CHECK_EQ(pthread_mutex_lock(&checked), 0);
    CHECK_EQ(pthread_mutex_lock(&checked), EDEADLK);
    CHECK_EQ(pthread_mutex_lock(&recursive), 0);
    CHECK_EQ(pthread_mutex_lock(&recursive), 0);
    barrier_arrive(&step);
    barrier_await(&step, 2);
    pthread_mutex_unlock(&recursive);
    pthread_mutex_unlock(&recursive);
    pthread_mutex_unlock(&checked);
}

static void second(void)
{
    barrier_await(&step, 1);
    CHECK_EQ(pthread_mutex_unlock(&checked), EPERM);
    CHECK_EQ(pthread_mutex_unlock(&recursive), EPERM);
    barrier_arrive(&step);
}

int main(void)
{
    pair_at_once();
}
