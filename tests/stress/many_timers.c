/* A hundred thousand timers at once: sleepers, channels that receive, channels that are freed
 * before their time.  None fires early, none is lost.  Sleeping is the subject. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { SLEEPERS = 40000, AFTERS = 40000, FREED = 20000 };

#define LONGEST_NS INT64_C(1000000000)

static goc_duration duration_of(int i, int count)
{
    /* Spread over the second, in an order that is neither rising nor falling. */
    return (int64_t)((uint32_t)i * 2654435761U % (uint32_t)count) * (LONGEST_NS / count);
}

static void sleeper(int i, goc_waitgroup *done)
{
    goc_duration d = duration_of(i, SLEEPERS);
    goc_time start = goc_now();
    goc_sleep(d); /* tidy: sleep, because sleepers are the subject */
    CHECK(goc_now() - start >= d);
    goc_waitgroup_done(done);
}

static void waiter(int i, goc_waitgroup *done)
{
    goc_duration d = duration_of(i, AFTERS);
    goc_time start = goc_now();
    goc_time fired = chan_recv(goc_after(d));
    CHECK(fired - start >= d);
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    static chan_recv_only(goc_time) freed[FREED];
    goc_waitgroup_add(&done, SLEEPERS + AFTERS);
    for (int i = 0; i < FREED; i++)
        freed[i] = goc_after(duration_of(i, FREED) / 2 + LONGEST_NS / 2);
    for (int i = 0; i < SLEEPERS; i++)
        go sleeper(i, &done);
    for (int i = 0; i < AFTERS; i++)
        go waiter(i, &done);
    for (int i = 0; i < FREED; i++)
        chan_free(freed[i]);
    goc_waitgroup_wait(&done);
    printf("all fired\n");
}

// CHECK: all fired
