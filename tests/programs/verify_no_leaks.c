/* goc_verify_no_leaks waits for who will end, and counts and prints who will not.
 *
 * CHECK-NOT: slow(
 * CHECK: goc: 2 goroutines left:
 * CHECK: goroutine {{[0-9]+}} [chan receive]:
 * CHECK-NEXT: receiver(...)
 * CHECK-NEXT: verify_no_leaks.c:
 * CHECK-NEXT: waits on 0x
 * CHECK-NEXT: created by main in goroutine 1
 * CHECK: goroutine {{[0-9]+}} [chan receive]:
 * CHECK: goc: 1 goroutine left:
 * CHECK: goroutine {{[0-9]+}} [running]:
 * CHECK-NEXT: goroutine running on other thread; stack unavailable
 * CHECK-NEXT: created by main in goroutine 1
 * CHECK-NEXT: verify_no_leaks.c:
 */
#include <goc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static chan(int) never;
static atomic_bool computes;
static atomic_bool enough;

static void slow(void)
{
    goc_sleep(20 * GOC_MILLISECOND); /* tidy: sleep, because it has to be waited for */
}

static void receiver(void)
{
    chan_recv(never);
}

static void compute(void)
{
    while (!atomic_load(&enough))
        atomic_store(&computes, true);
}

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void *verify(void *unused)
{
    require(goc_verify_no_leaks() == 0);
    return unused;
}

static void verifier(void)
{
    require(goc_verify_no_leaks() == 0);
}

int main(void)
{
    require(goc_verify_no_leaks() == 0);
    go slow();
    require(goc_verify_no_leaks() == 0);

    never = chan_make(int, 0);
    go receiver();
    go receiver();
    require(goc_verify_no_leaks() == 2);
    chan_close(never);
    require(goc_verify_no_leaks() == 0);

    /* One that never stops computing is waited for in vain. */
    go compute();
    while (!atomic_load(&computes))
        goc_yield();
    require(goc_verify_no_leaks() == 1);
    atomic_store(&enough, true);
    require(goc_verify_no_leaks() == 0);

    /* Neither from a goroutine nor from a thread does main count. */
    go slow();
    pthread_t thread;
    require(pthread_create(&thread, NULL, verify, NULL) == 0);
    pthread_join(thread, NULL);
    go verifier();
    while (goc_num_goroutine() > 1)
        goc_yield();
}
