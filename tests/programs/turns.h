/* Threads that take turns in an order that no detector sees: for scenarios of what C and POSIX
 * order (scenarios.h).
 */
#ifndef TESTS_PROGRAMS_TURNS_H
#define TESTS_PROGRAMS_TURNS_H

#include "scenarios.h"

#include <pthread.h>

static struct barrier turns;

struct turn {
    unsigned number;
    void (*run)(void);
};

static void *take_turn(void *argument)
{
    const struct turn *turn = argument;
    barrier_await(&turns, turn->number);
    turn->run();
    barrier_arrive(&turns);
    return NULL;
}

/* Run the COUNT functions one after the other, each on a thread of its own. */
static inline void take_turns(unsigned count, void (*const *functions)(void))
{
    struct turn turn[8];
    pthread_t threads[8];
    CHECK(count <= 8);
    for (unsigned i = 0; i < count; i++) {
        turn[i] = (struct turn){i, functions[i]};
        CHECK_EQ(pthread_create(&threads[i], NULL, take_turn, &turn[i]), 0);
    }
    for (unsigned i = 0; i < count; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

#define TURNS(...)                                                                       \
    do {                                                                                 \
        void (*const turns_taken[])(void) = {__VA_ARGS__};                               \
        take_turns(sizeof turns_taken / sizeof *turns_taken, turns_taken);               \
    } while (0)

#endif
