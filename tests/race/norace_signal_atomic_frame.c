/* Atomics in a handler's own frames, deeper than what it has touched before: a handler that comes
 * again finds what it left there the last time. */
// BEYOND TSAN: a handler is no party of its own there.
#include "check.h"

#include <signal.h>
#include <stdatomic.h>

enum { RUNS = 20 };

static _Atomic(atomic_int *) shown; // or the compiler knows who has the object
static int total;                   // the handler's

static void handle(int signal)
{
    atomic_int mine;
    (void)signal;
    atomic_store(&shown, &mine);
    atomic_int *own = atomic_load(&shown);
    atomic_store(own, 1);
    atomic_fetch_add(own, 2);
    total += atomic_load(own);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle};
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    for (int i = 0; i < RUNS; i++)
        CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(total, RUNS * 3);
}
