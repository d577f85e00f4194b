/* GOC_DEBUG=schedtrace: Go's line about the scheduler, again and again.
 *
 * CHECK: SCHED {{[0-9]+}}ms: gomaxprocs=2 idleprocs={{[0-2]}} threads={{[0-9]+}} spinningthreads={{[0-9]+}} hogs={{[0-9]+}} idlethreads={{[0-9]+}} runqueue={{[0-9]+}} [{{[0-9]+ [0-9]+}}]
 * CHECK: SCHED {{[0-9]+}}ms: gomaxprocs=2
 */
#include <goc.h>

static void yield_for_ever(void)
{
    for (;;)
        goc_yield();
}

int main(void)
{
    go yield_for_ever();
    goc_sleep(300 * GOC_MILLISECOND); /* tidy: sleep, because the lines come by time */
}
