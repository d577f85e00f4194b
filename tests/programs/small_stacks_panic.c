/* What dies on a small stack is told as on any other.
 *
 * CHECK: panic: close of closed channel
 * CHECK: goroutine {{[0-9]+}} [running]:
 * CHECK-NEXT: close_twice(...)
 * CHECK-NEXT: small_stacks_panic.c:
 * CHECK-NEXT: die(...)
 * CHECK-NEXT: small_stacks_panic.c:
 * CHECK-NEXT: created by main
 *
 * ALL: panic: close of closed channel
 * ALL: goroutine {{[0-9]+}} [running]:
 * ALL-NEXT: close_twice(...)
 * ALL: goroutine {{90|91|92}} [chan receive
 * ALL-NEXT: wait(...)
 * ALL-NEXT: small_stacks_panic.c:
 *
 * FATAL: fatal error: sync: unlock of unlocked mutex
 * FATAL: goroutine {{[0-9]+}} [running]:
 * FATAL-NEXT: unlock(...)
 * FATAL: goroutine {{90|91|92}} [chan receive
 * FATAL-NEXT: wait(...)
 *
 * LEAK: goroutine {{[0-9]+}} [chan receive
 * LEAK-NEXT: wait(...)
 */
#include "check.h"

#include <goc.h>
#include <stdint.h>
#include <string.h>

/* The runtime's: how many goroutines are alive on small stacks. */
extern uint32_t goc__small_alive(void);

enum { MANY = 100, WHOLE = 64 }; /* the first ones of a statement have whole stacks */

static goc_waitgroup waiting;

static void wait(chan(int) never)
{
    goc_waitgroup_done(&waiting);
    chan_recv(never);
}

__attribute__((__noinline__)) static void close_twice(chan(int) c)
{
    chan_close(c);
    chan_close(c);
}

static void die(chan(int) start, chan(int) c)
{
    goc_waitgroup_done(&waiting);
    if (chan_recv(start) == 0)
        return;
    close_twice(c);
    goc_yield();
}

static goc_mutex mutex;

static void unlock(chan(int) start)
{
    goc_waitgroup_done(&waiting);
    if (chan_recv(start) == 0)
        return;
    goc_mutex_unlock(&mutex);
}

int main(int argc, char **argv)
{
    chan(int) never = chan_make(int, 0);
    chan(int) start = chan_make(int, 0);
    chan(int) c = chan_make(int, 0);
    const char *what = argc > 1 ? argv[1] : "panic";
    goc_waitgroup_add(&waiting, MANY);
    for (int i = 0; i < MANY; i++)
        go wait(never);
    goc_waitgroup_wait(&waiting);
    uint32_t before = goc__small_alive();
    CHECK(before >= MANY - WHOLE);
    if (strcmp(what, "leak") == 0)
        return 0;
    goc_waitgroup_add(&waiting, MANY);
    for (int i = 0; i < MANY; i++) {
        if (strcmp(what, "fatal") == 0)
            go unlock(start);
        else
            go die(start, c);
    }
    goc_waitgroup_wait(&waiting);
    CHECK(goc__small_alive() - before >= MANY - WHOLE);
    for (int i = 0; i < WHOLE + 1; i++)
        chan_send(start, 0);
    chan_send(start, 1);
    chan_recv(never);
}
