/* How much a panic shows, by GOC_TRACEBACK.
 *
 * NONE: panic: close of closed channel
 * NONE-NOT: goroutine
 *
 * SINGLE: panic: close of closed channel
 * SINGLE: goroutine [[ID:[0-9]+]] [running]:
 * SINGLE-NEXT: close_twice(...)
 * SINGLE: created by main in goroutine 1
 * SINGLE-NOT: goroutine {{[0-9]+}} [
 *
 * ALL: panic: close of closed channel
 * ALL: goroutine [[ID:[0-9]+]] [running]:
 * ALL-NEXT: close_twice(...)
 * ALL-NEXT: traceback.c:[[# @LINE + 30]]
 * ALL: goroutine 1 [chan receive]:
 * ALL-NEXT: main(...)
 * ALL-NOT: goc__
 * ALL: goroutine {{[0-9]+}} [chan receive]:
 * ALL-NEXT: wait_for_ever(...)
 *
 * SYSTEM: panic: close of closed channel
 * SYSTEM: goroutine [[ID:[0-9]+]] [running]:
 * SYSTEM-NEXT: goc__
 * SYSTEM: goc_chan_close(...)
 * SYSTEM: close_twice(...)
 * SYSTEM: goroutine_start(...)
 *
 * WRONG: GOC_TRACEBACK="loud" ignored; it is none, single, all, system or crash
 * WRONG: goroutine {{[0-9]+}} [running]:
 */
#include <goc.h>

static chan(int) never;

static void wait_for_ever(void)
{
    chan_recv(never);
}

static void close_twice(void)
{
    chan(int) c = chan_make(int, 0);
    chan_close(c);
    chan_close(c);
}

int main(void)
{
    goc_maxprocs(1);
    never = chan_make(int, 0);
    go wait_for_ever();
    goc_yield();
    go close_twice();
    chan_recv(never);
}
