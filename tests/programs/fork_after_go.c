/* A go statement in a child of fork whose parent had goroutines ends the child, and says why: from
 * any goroutine, by a statement that the parent has used already, and from a plain thread; by
 * whatever call the child was made.
 *
 * CHECK-COUNT-6: fatal error: go statement in a child of fork whose parent had goroutines: exec, or fork before the first go
 */
#define _GNU_SOURCE /* _Fork */
#include "check.h"

#include <goc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_FATAL = 2 };

static void answer(chan(int) out)
{
    chan_send(out, 1);
}

static void *start(void *unused)
{
    chan(int) c = chan_make(int, 1);
    go answer(c);
    CHECK_EQ(chan_recv(c), 1);
    return unused;
}

/* The two run no handlers of pthread_atfork. */
static pid_t fork_by_system_call(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static pid_t fork_for_handlers(void)
{
    return _Fork();
}

static void start_in_child_of(pid_t (*make_child)(void), void *(*start_one)(void *))
{
    pid_t child = make_child();
    CHECK(child >= 0);
    if (child == 0) {
        start_one(NULL);
        _exit(0);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), EXIT_FATAL);
}

static void start_in_child(void *(*start_one)(void *))
{
    start_in_child_of(fork, start_one);
}

static void fork_in_goroutine(chan(int) done)
{
    start_in_child(start);
    chan_send(done, 1);
}

static void *fork_on_thread(void *unused)
{
    start_in_child(start);
    return unused;
}

static void many(chan(int) in)
{
    chan_recv(in);
}

/* What does without goroutines goes on in a child. */
static void *use_channel(void *unused)
{
    chan(int) c = chan_make(int, 1);
    chan_send(c, 5);
    _exit(chan_recv(c) == 5 ? EXIT_FATAL : 1);
    return unused;
}

int main(void)
{
    start(NULL);
    start_in_child(start);
    start_in_child(use_channel);
    start_in_child_of(fork_for_handlers, start);
    start_in_child_of(fork_by_system_call, start);
    start_in_child_of(fork_by_system_call, use_channel);
    chan(int) never = chan_make(int, 0);
    for (int i = 0; i < 100; i++) /* Ps have ids left, and others wait */
        go many(never);
    start_in_child(start);
    chan(int) done = chan_make(int, 0);
    go fork_in_goroutine(done);
    chan_recv(done);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, fork_on_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}
