/* A thread-local variable that goroutines use is the thread's that runs them, which is nobody's
 * strand: a race between two goroutines on one thread too. */
// PROCS: 1 2
#include "barrier.h"
#include "check.h"

#include <goc.h>

// CHECK-GOC-DAG: Location is thread-local variable 'visits' of size 4 at {{.*}}.c:[[#@LINE+1]], of thread {{[0-9]+}}
static _Thread_local int visits;
static int *where; // main waits on its own thread, so another's
static struct barrier step;

static void visit(unsigned turn)
{
    barrier_await(&step, turn);
    if (turn == 0)
        where = &visits;
    ++*where; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

int main(void)
{
    go visit(0);
    barrier_await(&step, 1);
    go visit(1);
    barrier_await(&step, 2);
}
