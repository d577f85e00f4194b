/* Many signals into the middle of goroutines, of the runtime and of the detector.  A handler's own
 * frames lie where goroutines' were and will be, or on the stack that all handlers of a thread
 * share. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "interrupt.h"

#include <goc.h>
#include <stdatomic.h>
#include <unistd.h>

enum { SIGNALS = 2000, WORDS = 256, PAIRS = 3 };

static atomic_int came;
static atomic_bool over;
static struct barrier step;

/* Not static: whose memory it is nobody can tell. */
__attribute__((__noinline__)) void fill(int *at, int value)
{
    for (int i = 0; i < WORDS; i++)
        at[i] = value + i;
}

static void handle(int signal)
{
    int mine[WORDS];
    fill(mine, signal);
    atomic_fetch_add(&came, mine[WORDS - 1] - signal - WORDS + 2);
}

static void handle_first(int signal)
{
    int mine[WORDS];
    fill(mine, signal);
    interrupt_handled();
}

/* One after the other, perhaps on one thread. */
static void be_interrupted(goc_waitgroup *done, unsigned turn)
{
    while (!barrier_reached(&step, turn))
        goc_yield();
    interrupt(SIGHUP);
    barrier_arrive(&step);
    goc_waitgroup_done(done);
}

static void *send(void *unused)
{
    for (int i = 0; i < SIGNALS; i++)
        CHECK_EQ(kill(getpid(), i % 2 ? SIGUSR1 : SIGUSR2), 0);
    atomic_store(&over, true);
    return unused;
}

static void echo(chan(int) in, chan(int) out)
{
    chan_range(v, in) {
        int mine[WORDS];
        fill(mine, v);
        chan_send(out, mine[1]);
    }
    chan_close(out);
}

static void talk(goc_waitgroup *done)
{
    chan(int) there = chan_make(int, 0);
    chan(int) back = chan_make(int, 0);
    go echo(there, back);
    for (int i = 0; !atomic_load(&over); i++) {
        int mine[WORDS];
        fill(mine, i);
        chan_send(there, mine[0]);
        CHECK_EQ(chan_recv(back), i + 1);
    }
    chan_close(there);
    CHECK(!chan_recv_ok(back, NULL));
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    pthread_t thread = interrupt_start();
    struct sigaction action = {.sa_handler = handle};
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    action.sa_flags = SA_ONSTACK;
    CHECK_EQ(sigaction(SIGUSR2, &action, NULL), 0);
    action.sa_handler = handle_first;
    CHECK_EQ(sigaction(SIGHUP, &action, NULL), 0);
    goc_waitgroup_add(&done, PAIRS);
    for (unsigned i = 0; i < PAIRS; i++)
        go be_interrupted(&done, i);
    goc_waitgroup_wait(&done);
    interrupt_stop(thread);
    goc_waitgroup_add(&done, PAIRS);
    for (int i = 0; i < PAIRS; i++)
        go talk(&done);
    CHECK_EQ(pthread_create(&thread, NULL, send, NULL), 0);
    goc_waitgroup_wait(&done);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(atomic_load(&came) > 0);
}
