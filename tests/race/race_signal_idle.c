/* All goroutines wait: a handler that a thread of the runtime's runs meanwhile is somebody. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>

int shared;
static pthread_t main_thread;
static struct barrier waits;

static void handle(int signal)
{
    (void)signal;
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

/* Sees the thread asleep, wherever that is. */
UNSEEN static void *wake(void *out)
{
    chan(int) *c = out;
    char path[64];
    char state = 0;
    barrier_await(&waits, 1);
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
    while (state != 'S') {
        FILE *file = fopen(path, "r");
        CHECK(file != NULL && fscanf(file, "%*d (%*[^)]) %c", &state) == 1);
        fclose(file);
    }
    CHECK_EQ(pthread_kill(main_thread, SIGUSR1), 0);
    barrier_await(&interrupts.handled, 1);
    chan_send(*c, 1);
    return NULL;
}

// CHECK-GOC-DAG: by signal handler
int main(void)
{
    pthread_t thread;
    chan(int) c = chan_make(int, 0);
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    main_thread = pthread_self();
    CHECK_EQ(pthread_create(&thread, NULL, wake, &c), 0);
    barrier_arrive(&waits);
    CHECK_EQ(chan_recv(c), 1);
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pthread_join(thread, NULL), 0);
    chan_free(c);
}
