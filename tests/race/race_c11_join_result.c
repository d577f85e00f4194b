/* thrd_join writes the thread's result, and so does pthread_join. */
#include "pair.h"

// BEYOND TSAN: it does not see what thrd_join writes
#include <threads.h>

int result;
void *pointer;

static int seven(void *unused)
{
    (void)unused;
    return 7;
}

static void *nothing(void *unused)
{
    return unused;
}

static void first(void)
{
    thrd_t thread;
    pthread_t other;
    CHECK_EQ(thrd_create(&thread, seven, NULL), thrd_success);
    CHECK_EQ(thrd_join(thread, &result), thrd_success); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pthread_create(&other, NULL, nothing, &result), 0);
    CHECK_EQ(pthread_join(other, &pointer), 0); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(result, 7);        // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pointer, &result); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
