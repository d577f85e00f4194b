/* Two threads in an order that no detector can see.
 *
 * A test defines first() and second() and calls one of the two functions below from main.
 * Between the two sides stands the invisible barrier alone: whatever order a detector finds
 * between them, the test itself has made.
 */
#ifndef TESTS_RACE_PAIR_H
#define TESTS_RACE_PAIR_H

#include "barrier.h"
#include "check.h"

#include <pthread.h>
#include <stddef.h>

static void first(void);
static void second(void);

/* Counts what has happened; tests count further steps of their own on it. */
static struct barrier step;

static inline void *pair_first(void *unused)
{
    first();
    barrier_arrive(&step);
    return unused;
}

static inline void *pair_second(void *unused)
{
    barrier_await(&step, 1);
    second();
    return unused;
}

static inline void *pair_second_at_once(void *unused)
{
    second();
    return unused;
}

static inline void pair_run(void *(*one)(void *), void *(*other)(void *))
{
    pthread_t threads[2];
    CHECK_EQ(pthread_create(&threads[0], NULL, one, NULL), 0);
    CHECK_EQ(pthread_create(&threads[1], NULL, other, NULL), 0);
    CHECK_EQ(pthread_join(threads[0], NULL), 0);
    CHECK_EQ(pthread_join(threads[1], NULL), 0);
}

/* All of first(), and then all of second(). */
static inline void pair_in_order(void)
{
    pair_run(pair_first, pair_second);
}

/* Both at once; they order themselves, by step or by what is tested. */
static inline void pair_at_once(void)
{
    pair_run(pair_first, pair_second_at_once);
}

#endif
