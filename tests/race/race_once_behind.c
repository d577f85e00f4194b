/* What the first caller does behind pthread_once is not before the others. */
#include "pair.h"

int shared;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void) {}

static void first(void)
{
    pthread_once(&once, make);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    pthread_once(&once, make);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
