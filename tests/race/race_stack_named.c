/* A variable on another thread's stack has a name, in whichever of its open calls it is. */
#include "pair.h"

struct table {
    long used;
    struct {
        int count;
        int limit;
    } rows[4];
};

static struct table *escaped;
static struct barrier ready;

static void first(void)
{
    barrier_await(&ready, 1);
    escaped->rows[2].limit = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    barrier_await(&ready, 1);
    escaped->rows[2].limit = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

__attribute__((__noinline__)) static void deeper(int depth, volatile int *unused)
{
    volatile int other[16] = {depth};
    if (depth > 0)
        deeper(depth - 1, other);
    else
        pair_in_order();
    (void)unused;
}

// CHECK-GOC-DAG: Location is 'mine.rows[2].limit' in 'mine' of size 40 at {{.*}}.c:[[#@LINE+3]], on the stack of main thread
__attribute__((__noinline__)) static void owner(void)
{
    struct table mine = {0};
    escaped = &mine;
    barrier_arrive(&ready);
    deeper(5, NULL);
}

int main(void)
{
    volatile char above[100] = {0};
    owner();
    (void)above;
}
