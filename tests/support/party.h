/* Parties of a concurrent test: goroutines and plain threads, started and waited for alike. */
#ifndef TESTS_SUPPORT_PARTY_H
#define TESTS_SUPPORT_PARTY_H

#include "check.h"

#include <goc/go.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* Start F(ARGUMENT) on a goroutine. */
struct party_call {
    void (*f)(void *argument);
    void *argument;
};

static inline void party_entry(void *call)
{
    struct party_call *c = call;
    c->f(c->argument);
}

static inline void party_go(void (*f)(void *argument), void *argument)
{
    struct party_call call = {f, argument};
    goc_go(party_entry, &call, sizeof call);
}

/* Start F(ARGUMENT) on a thread of its own. */
static inline void *party_thread_entry(void *call)
{
    struct party_call c = *(struct party_call *)call;
    free(call);
    c.f(c.argument);
    return NULL;
}

static inline pthread_t party_thread(void (*f)(void *argument), void *argument)
{
    struct party_call *call = malloc(sizeof *call);
    CHECK(call != NULL);
    *call = (struct party_call){f, argument};
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, party_thread_entry, call), 0);
    return thread;
}

/* Let others run until CONDITION holds. */
#define PARTY_UNTIL(condition)                                                           \
    do {                                                                                 \
        while (!(condition))                                                             \
            goc_yield();                                                                 \
    } while (0)

#endif
