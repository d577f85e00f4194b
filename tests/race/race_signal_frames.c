/* A variable on the frame of a handler that interrupts a goroutine is the handler's: whoever has a
 * pointer to it races with it, as with anybody's. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>
#include <stdatomic.h>

static _Atomic(int *) escaped;
static struct barrier written;

static void *write_there(void *unused)
{
    int *where;
    while (!(where = atomic_load_explicit(&escaped, memory_order_relaxed)))
        ;
    *where = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&written);
    return unused;
}

static void handle(int signal)
{
    int mine = signal; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&escaped, &mine, memory_order_relaxed);
    barrier_await(&written, 1);
    interrupt_handled();
}

static void work(goc_waitgroup *done)
{
    interrupt(SIGUSR1);
    goc_waitgroup_done(done);
}

// CHECK-GOC-DAG: by signal handler in goroutine
int main(void)
{
    goc_waitgroup done = {0};
    pthread_t writer;
    CHECK_EQ(pthread_create(&writer, NULL, write_there, NULL), 0);
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    goc_waitgroup_add(&done, 1);
    go work(&done);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
    CHECK_EQ(pthread_join(writer, NULL), 0);
}
