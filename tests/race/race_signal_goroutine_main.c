/* The main goroutine is one like any other. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>

int count;

static void handle(int signal)
{
    (void)signal;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

static void nothing(void) {}

// CHECK-GOC-DAG: by signal handler in main goroutine
int main(void)
{
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    go nothing();
    goc_yield();
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt(SIGUSR1);
    interrupt_stop(sender);
}
