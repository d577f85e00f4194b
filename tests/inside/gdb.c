/* Goroutines of each kind, for test_gdb.py to look at, and then SIGABRT. */
#include <goc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static chan(int) never;
static atomic_bool computes;

__attribute__((__noinline__)) static int receive(int number)
{
    int twice = 2 * number;
    int volatile got = chan_recv(never);
    return got + twice;
}

static void receiver(int number)
{
    receive(number);
}

static void computer(void)
{
    for (;;)
        atomic_store(&computes, true);
}

static void locked(void)
{
    goc_lock_os_thread();
    receive(22);
}

static void unborn(void) {}

int main(void)
{
    goc_maxprocs(1); /* so that nobody begins what main leaves unborn */
    never = chan_make(int, 0);
    printf("never %p\n", (void *)never);
    fflush(stdout);
    go receiver(21);
    while (goc_num_goroutine() < 2)
        goc_yield();
    for (int i = 0; i < 20; i++)
        goc_yield();
    go locked();
    for (int i = 0; i < 20; i++)
        goc_yield();
    go computer();
    while (!atomic_load(&computes))
        goc_yield();
    go unborn();
    abort();
}
