/* The initial thread may end by itself and be joined like any other. */
// BEYOND TSAN: it dies when the initial thread is joined
#include "pair.h"

#include <stdlib.h>

int shared;

static void *run(void *main_thread)
{
    CHECK_EQ(pthread_join(*(pthread_t *)main_thread, NULL), 0);
    CHECK_EQ(shared, 1);
    exit(0);
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    static pthread_t self;
    pthread_t thread;
    self = pthread_self();
    CHECK_EQ(pthread_create(&thread, NULL, run, &self), 0);
    shared = 1;
    (void)first, (void)second;
    pthread_exit(NULL);
}
