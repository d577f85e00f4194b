/* Goroutines by the ten thousand: all alive at once, then one after the other, and each
 * spawning two more. */
#include <goc.h>
#include <stdatomic.h>
#include <stdio.h>

enum { ALIVE = 10000, SHORT = 50000, DEPTH = 12 };

static atomic_int calls;

static void wait_at(chan_recv_only(bool) gate, goc_waitgroup *done)
{
    chan_recv(gate);
    atomic_fetch_add(&calls, 1);
    goc_waitgroup_done(done);
}

static void call(goc_waitgroup *done)
{
    atomic_fetch_add(&calls, 1);
    goc_waitgroup_done(done);
}

static void grow(int depth, goc_waitgroup *done)
{
    atomic_fetch_add(&calls, 1);
    if (depth > 0) {
        goc_waitgroup_add(done, 2);
        go grow(depth - 1, done);
        go grow(depth - 1, done);
    }
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    chan(bool) gate = chan_make(bool, 0);
    goc_waitgroup_add(&done, ALIVE);
    for (int i = 0; i < ALIVE; i++)
        go wait_at(gate, &done);
    printf("%d goroutines\n", goc_num_goroutine());
    chan_close(gate);
    goc_waitgroup_wait(&done);
    chan_free(gate);
    printf("%d calls\n", atomic_load(&calls));

    for (int i = 0; i < SHORT; i++) {
        goc_waitgroup_add(&done, 1);
        go call(&done);
    }
    goc_waitgroup_wait(&done);
    printf("%d calls\n", atomic_load(&calls));

    goc_waitgroup_add(&done, 1);
    go grow(DEPTH, &done);
    goc_waitgroup_wait(&done);
    printf("%d calls\n", atomic_load(&calls));
}

// CHECK:      10001 goroutines
// CHECK-NEXT: 10000 calls
// CHECK-NEXT: 60000 calls
// CHECK-NEXT: 68191 calls
