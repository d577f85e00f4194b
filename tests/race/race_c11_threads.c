/* Two threads of <threads.h> without order, each named by its thrd_create. */
#include "barrier.h"

#include <threads.h>

int shared;
static struct barrier step;

static int first(void *unused)
{
    (void)unused;
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    return 0;
}

static int second(void *unused)
{
    (void)unused;
    barrier_await(&step, 1);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    return 0;
}

int main(void)
{
    thrd_t one, other;
    thrd_create(&one, first, NULL);    // CHECK-GOC-DAG: .c:[[#@LINE]]:
    thrd_create(&other, second, NULL); // CHECK-GOC-DAG: .c:[[#@LINE]]:
    thrd_join(one, NULL);
    thrd_join(other, NULL);
}
