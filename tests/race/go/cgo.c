/* Go's cgo_test.go and the program that it runs: order made by what C offers. */
#include "cases.h"

static int sync_word;

static void notify(void)
{
    __sync_fetch_and_add(&sync_word, 1);
}

static void wait_for_it(void)
{
    while (__sync_fetch_and_add(&sync_word, 0) == 0)
        goc_yield();
}

CASE(NoRaceCgoSync)
{
    __block int data = 0;
    go ^{
        data = 1;
        notify();
    }();
    wait_for_it();
    use(data);
}
