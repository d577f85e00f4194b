/* volatile orders nothing and protects nothing. */
// BEYOND TSAN: it reports only one of the two
#include "pair.h"

volatile int flag;
int shared;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    flag = 1;   // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(flag, 1);   // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
