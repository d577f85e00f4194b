/* Locks whose memory was given back are others when it is used again. */
#include "pair.h"

#include <stdlib.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *memory; // guard

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void make(void)
{
    memory = malloc(2 * sizeof *memory);
    pthread_mutex_init(&memory[0], NULL);
    pthread_mutex_init(&memory[1], NULL);
}

static void first(void)
{
    nest(&memory[0], &memory[1]);
    pthread_mutex_lock(&guard);
    void *old = memory;
    free(memory);
    make();
    CHECK(memory == old); // as glibc's malloc does
    pthread_mutex_unlock(&guard);
}

static void second(void)
{
    pthread_mutex_lock(&guard); // orders, and leaves the phases as they are
    pthread_mutex_unlock(&guard);
    nest(&memory[1], &memory[0]);
}

int main(void)
{
    make();
    pair_in_order();
}
