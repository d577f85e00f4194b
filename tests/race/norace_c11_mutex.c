/* A recursive mtx_t, and one that a trylock gets. */
#include "pair.h"

#include <threads.h>

int shared;
static mtx_t mutex;

static void first(void)
{
    mtx_lock(&mutex);
    mtx_lock(&mutex);
    shared++;
    mtx_unlock(&mutex);
    shared++;
    mtx_unlock(&mutex);
}

static void second(void)
{
    CHECK_EQ(mtx_trylock(&mutex), thrd_success);
    shared++;
    mtx_unlock(&mutex);
}

int main(void)
{
    CHECK_EQ(mtx_init(&mutex, mtx_plain | mtx_recursive), thrd_success);
    pair_in_order();
}
