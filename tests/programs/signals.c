/* The program's own signal handlers run, whatever goroutines do meanwhile, and on small stacks.
 *
 * CHECK: all right
 */
#include "check.h"

#include <errno.h>
#include <goc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

enum { TICKS = 50 };

static atomic_int ticks;
static atomic_int on_own_stack;
static int ends[2];
static _Atomic(char *) handler_frame;

static void on_tick(int signal)
{
    (void)signal;
    char frame[2048]; /* on the stack of whichever goroutine was interrupted */
    memset(frame, 1, sizeof frame);
    __asm__ volatile("" ::"r"(frame) : "memory");
    atomic_fetch_add(&ticks, 1);
}

static void on_pipe(int signal)
{
    int saved = errno;
    (void)signal;
    (void)!write(ends[1], "x", 1);
    errno = saved;
}

static void on_stack(int signal)
{
    (void)signal;
    char here;
    atomic_store(&handler_frame, &here);
    atomic_fetch_add(&on_own_stack, 1);
}

static void install(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

static void echo(chan(int) in, chan(int) out)
{
    chan_range(v, in) {
        chan_send(out, v + 1);
    }
    chan_close(out);
}

/* Interrupted every millisecond, channels lose nothing. */
static void tick_while_talking(void)
{
    install(SIGALRM, on_tick, SA_RESTART);
    struct itimerval timer = {.it_interval.tv_usec = 1000, .it_value.tv_usec = 1000};
    CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
    chan(int) there = chan_make(int, 0);
    chan(int) back = chan_make(int, 0);
    go echo(there, back);
    for (int i = 0; atomic_load(&ticks) < TICKS; i++) {
        chan_send(there, i);
        CHECK_EQ(chan_recv(back), i + 1);
    }
    chan_close(there);
    CHECK(!chan_recv_ok(back, NULL));
    struct itimerval none = {0};
    CHECK_EQ(setitimer(ITIMER_REAL, &none, NULL), 0);
}

static void read_pipe(chan(char) out)
{
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    chan_send(out, byte);
}

static void *signal_later(void *unused)
{
    (void)unused;
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
    return NULL;
}

/* All goroutines wait, and a handler's byte in a pipe wakes one. */
static void wake_through_a_pipe(void)
{
    install(SIGUSR1, on_pipe, SA_RESTART);
    chan(char) woken = chan_make(char, 0);
    go read_pipe(woken);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, signal_later, NULL), 0);
    CHECK_EQ(chan_recv(woken), 'x');
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void raise_it(chan(int) done)
{
    char here;
    CHECK_EQ(raise(SIGUSR2), 0);
    /* Delivered before raise returned, and not on the goroutine's stack. */
    CHECK_EQ(atomic_load(&on_own_stack), 1);
    long distance = (long)((uintptr_t)atomic_load(&handler_frame) - (uintptr_t)&here);
    CHECK(distance < -(256 << 10) || distance > 256 << 10);
    chan_send(done, 1);
}

/* A handler with SA_ONSTACK runs on the thread's signal stack. */
static void run_on_the_signal_stack(void)
{
    install(SIGUSR2, on_stack, SA_ONSTACK);
    chan(int) done = chan_make(int, 0);
    go raise_it(done);
    chan_recv(done);
}

static void block_it(chan(int) done)
{
    sigset_t mask;
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    CHECK_EQ(sigismember(&mask, SIGWINCH), 1);
    CHECK_EQ(sigismember(&mask, SIGUSR1), 0);
    chan_send(done, 1);
}

/* Goroutines run under the mask that the program had when it began its first. */
static void keep_the_mask(void)
{
    chan(int) done = chan_make(int, 0);
    for (int i = 0; i < 20; i++)
        go block_it(done);
    for (int i = 0; i < 20; i++)
        chan_recv(done);
}

int main(void)
{
    sigset_t winch;
    sigemptyset(&winch);
    sigaddset(&winch, SIGWINCH);
    CHECK_EQ(pthread_sigmask(SIG_BLOCK, &winch, NULL), 0);
    CHECK_EQ(pipe(ends), 0);
    tick_while_talking();
    wake_through_a_pipe();
    run_on_the_signal_stack();
    keep_the_mask();
    puts("all right");
}
