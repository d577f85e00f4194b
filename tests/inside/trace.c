/* Something of each kind for GOC_TRACE to show; test_trace.py says what it has to look like.
 *
 * With one P.  The argument, where there is one, is how the program ends. */
#include <goc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static chan(int) to_receiver;
static chan(int) from_sender;
static chan(int) from_literal;
static chan(int) from_thread;
static chan(int) from_locked;
static goc_mutex mutex;
static int ends[2];

static void receiver(void)
{
    printf("received %d\n", chan_recv(to_receiver));
}

static void sender(void)
{
    chan_send(from_sender, 2);
}

static void blocker(void)
{
    char byte;
    while (read(ends[0], &byte, 1) != 1)
        continue;
}

static void locker(void)
{
    goc_mutex_lock(&mutex);
    goc_mutex_unlock(&mutex);
}

static void sleeper(void)
{
    /* tidy: sleep, because that is to be seen */
    goc_sleep(GOC_MILLISECOND);
}

static void locked(void)
{
    goc_lock_os_thread();
    chan_send(from_locked, 5);
    goc_unlock_os_thread();
}

static void *thread(void *unused)
{
    chan_send(from_thread, 3);
    return unused;
}

/* Let the others come to where they wait. */
static void settle(void)
{
    for (int i = 0; i < 20; i++)
        goc_yield();
}

static void work(void)
{
    go receiver();
    settle();
    chan_send(to_receiver, 1);
    go sender();
    settle();
    printf("received %d\n", chan_recv(from_sender));
    goc_mutex_lock(&mutex);
    go locker();
    settle();
    goc_mutex_unlock(&mutex);
    go sleeper();
    go ^{
        chan_send(from_literal, 4);
    }();
    chan_recv(from_literal);
    go locked();
    chan_recv(from_locked);
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    chan_recv(from_thread);
    go blocker(); /* blocks its thread: that main goes on shows that it lost the P */
    goc_yield();
    while (write(ends[1], "", 1) != 1)
        continue;
    while (goc_num_goroutine() > 1)
        goc_yield();
    pthread_join(id, NULL);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0); /* a panic flushes nothing */
    to_receiver = chan_make(int, 0);
    from_sender = chan_make(int, 0);
    from_literal = chan_make(int, 0);
    from_thread = chan_make(int, 0);
    from_locked = chan_make(int, 0);
    if (pipe(ends) != 0)
        return 1;
    printf("to_receiver %p\nfrom_sender %p\n", (void *)to_receiver, (void *)from_sender);
    work();
    const char *end = argc > 1 ? argv[1] : "";
    if (strcmp(end, "panic") == 0)
        chan_close((chan(int))0);
    if (strcmp(end, "chdir") == 0 && chdir("/") != 0)
        return 1;
    if (strcmp(end, "many") == 0)
        for (int i = 0; i < 100; i++)
            work();
    if (strcmp(end, "fork") == 0) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0)
            return 0; /* through exit: must write nothing */
        if (waitpid(child, NULL, 0) != child || access("trace.json", F_OK) == 0)
            return 1;
    }
}
