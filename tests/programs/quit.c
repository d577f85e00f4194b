/* SIGQUIT prints every goroutine, while one computes, one blocks its thread, and others wait.
 *
 * CHECK: SIGQUIT: quit
 * CHECK: goroutine 1 [{{running|syscall}}]:
 * CHECK: goroutine {{[0-9]+}} [chan receive]:
 * CHECK-NEXT: receive(...)
 * CHECK-NEXT: quit.c:
 * CHECK-NEXT: waits on 0x{{[0-9a-f]+}} for {{[0-9]+\.[0-9]+}} s
 * CHECK-NEXT: created by main in goroutine 1
 * CHECK-NEXT: quit.c:
 * CHECK: goroutine {{[0-9]+}} [running]:
 * CHECK-NEXT: compute(...)
 * CHECK: goroutine {{[0-9]+}} [{{running|syscall}}]:
 * CHECK: block(...)
 */
#include <goc.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static chan(int) never;
static atomic_bool computes;
static int ends[2];

static void receive(void)
{
    chan_recv(never);
}

static void compute(void)
{
    for (;;)
        atomic_store(&computes, true);
}

static void block(void)
{
    char byte;
    while (read(ends[0], &byte, 1) != 1)
        continue;
}

int main(void)
{
    never = chan_make(int, 0);
    if (pipe(ends) != 0)
        return 1;
    go receive();
    while (goc_num_goroutine() < 2)
        goc_yield();
    goc_yield();
    go compute();
    go block();
    while (!atomic_load(&computes))
        goc_yield();
    kill(getpid(), SIGQUIT);
    for (;;)
        pause();
}
