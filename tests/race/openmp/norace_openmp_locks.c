/* Locks, nested ones, critical regions of one name, copyprivate, and flushes around atomics. */
#include "openmp.h"

#include <stdlib.h>

#define THREADS 4
#define ROUNDS 200

static omp_lock_t lock;
static omp_nest_lock_t nest;
static int locked, nested, critical;
static int data, is_there;

static void take(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        omp_set_lock(&lock);
        locked++;
        omp_unset_lock(&lock);
        if (omp_test_lock(&lock) != 0) {
            locked++;
            omp_unset_lock(&lock);
        }
        omp_set_nest_lock(&nest);
        omp_set_nest_lock(&nest);
        nested++;
        omp_unset_nest_lock(&nest);
        if (omp_test_nest_lock(&nest) != 0)
            omp_unset_nest_lock(&nest);
        nested++;
        omp_unset_nest_lock(&nest);
#pragma omp critical(named)
        critical++;
    }
}

static void hand_out(void)
{
    int *block;
#pragma omp single copyprivate(block)
    {
        block = malloc(sizeof *block);
        *block = 5;
    }
    CHECK_EQ(*block, 5);
#pragma omp barrier
#pragma omp single
    free(block);
}

static void give(void)
{
    data = 42;
#pragma omp flush
#pragma omp atomic write
    is_there = 1;
}

static void await(void)
{
    int seen = 0;
    while (seen == 0) {
#pragma omp atomic read
        seen = is_there;
    }
#pragma omp flush
    CHECK_EQ(data, 42);
}

int main(void)
{
    omp_init_lock(&lock);
    omp_init_nest_lock(&nest);
#pragma omp parallel num_threads(THREADS)
    {
        take();
        hand_out();
    }
    omp_destroy_lock(&lock);
    omp_destroy_nest_lock(&nest);
    CHECK_EQ(nested, 2 * THREADS * ROUNDS);
    CHECK_EQ(critical, THREADS * ROUNDS);
#pragma omp parallel num_threads(2)
    {
        if (omp_get_thread_num() == 0)
            give();
        else
            await();
    }
}
