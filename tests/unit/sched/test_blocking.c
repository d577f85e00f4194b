/* A goroutine that blocks or keeps its thread without a word does not stop the others. */
#include "barrier.h"
#include "base/atomic.h"
#include "isolated.h"
#include "os/thread.h"
#include "party.h"

#include <errno.h>
#include <goc/sync.h>
#include <goc/time.h>
#include <time.h>

enum { BLOCKERS = 20, ROUNDS = 30 };

static struct barrier gate;
static goc_waitgroup all;
static int blocked; // atomic
static int pipes[2];

/* The compiler may keep errno's address across a yield; not across these. */
__attribute__((__noinline__)) static int get_errno(void)
{
    return errno;
}

__attribute__((__noinline__)) static void set_errno(int value)
{
    errno = value;
}

/* In plain libc, on a futex that the runtime knows nothing of. */
static void await_gate(void *unused)
{
    (void)unused;
    fetch_add_release(&blocked, 1);
    barrier_await(&gate, 1);
    set_errno(EXDEV);
    goc_yield(); /* where the goroutine finds out that its P is gone */
    CHECK_EQ(get_errno(), EXDEV);
    goc_waitgroup_done(&all);
}

static void others_run_while_some_wait(void)
{
    goc_waitgroup_add(&all, BLOCKERS);
    for (int i = 0; i < BLOCKERS; i++)
        goc_go(await_gate, NULL, 0);
    PARTY_UNTIL(load_acquire(&blocked) == BLOCKERS);
    barrier_arrive(&gate);
    goc_waitgroup_wait(&all);
}

static void open_gate(void *unused)
{
    (void)unused;
    barrier_arrive(&gate);
    goc_waitgroup_done(&all);
}

/* Goroutine 1 itself blocks: the one that will free it has to get a thread. */
static void main_may_wait(void)
{
    goc_waitgroup_add(&all, 1);
    goc_go(open_gate, NULL, 0);
    barrier_await(&gate, 1);
    goc_waitgroup_wait(&all);
}

static void read_pipe(void *unused)
{
    (void)unused;
    char byte;
    for (int i = 0; i < ROUNDS; i++)
        CHECK_EQ(read(pipes[0], &byte, 1), 1);
    goc_waitgroup_done(&all);
}

static void write_pipe(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_EQ(write(pipes[1], "x", 1), 1);
        goc_yield();
    }
    goc_waitgroup_done(&all);
}

static void reads_wait_for_writes(void)
{
    CHECK_EQ(pipe(pipes), 0);
    goc_waitgroup_add(&all, 2);
    goc_go(read_pipe, NULL, 0);
    goc_go(write_pipe, NULL, 0);
    goc_waitgroup_wait(&all);
}

static pthread_mutex_t somebodys = PTHREAD_MUTEX_INITIALIZER;
static long counter; /* somebodys */

static void lock_somebodys(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&somebodys);
        long seen = counter;
        if (i % 4 == 0)
            goc_yield(); /* the next one blocks its thread meanwhile */
        counter = seen + 1;
        pthread_mutex_unlock(&somebodys);
    }
    goc_waitgroup_done(&all);
}

static void plain_mutexes_work(void)
{
    goc_waitgroup_add(&all, BLOCKERS);
    for (int i = 0; i < BLOCKERS; i++)
        goc_go(lock_somebodys, NULL, 0);
    goc_waitgroup_wait(&all);
    CHECK_EQ(counter, BLOCKERS * ROUNDS);
}

static int asleep; // atomic

static void sleep_plainly(void *unused)
{
    (void)unused;
    struct timespec moment = {.tv_nsec = 20000000};
    fetch_add_release(&asleep, 1);
    /* tidy: sleep, because a thread asleep is what the monitor has to notice */
    do
        nanosleep(&moment, NULL);
    while (load_acquire(&asleep) < BLOCKERS);
    goc_waitgroup_done(&all);
}

/* None wakes for good before all sleep. */
static void sleepers_sleep_together(void)
{
    goc_waitgroup_add(&all, BLOCKERS);
    for (int i = 0; i < BLOCKERS; i++)
        goc_go(sleep_plainly, NULL, 0);
    goc_waitgroup_wait(&all);
}

static bool stop;     // atomic
static int computing; // atomic

static void compute(void *unused)
{
    (void)unused;
    fetch_add_release(&computing, 1);
    while (!load_acquire(&stop))
        cpu_relax();
    goc_waitgroup_done(&all);
}

/* More of them than Ps, and each keeps its thread for ever. */
static void computations_do_not_starve_others(void)
{
    goc_waitgroup_add(&all, 4);
    for (int i = 0; i < 4; i++)
        goc_go(compute, NULL, 0);
    PARTY_UNTIL(load_acquire(&computing) == 4);
    store_release(&stop, true);
    goc_waitgroup_wait(&all);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(others_run_while_some_wait), ISOLATED(main_may_wait),
        ISOLATED(reads_wait_for_writes),      ISOLATED(plain_mutexes_work),
        ISOLATED(sleepers_sleep_together),    ISOLATED(computations_do_not_starve_others),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
