/* A loop that the optimizer turns into vectors is still checked, up to its last element. */
// FLAGS: -O2
#include "pair.h"

#define COUNT 1003

int numbers[COUNT];

__attribute__((noinline)) static void double_all(int *at, int count)
{
    for (int i = 0; i < count; i++)
        at[i] *= 2; // CHECK-DAG: .c:[[#@LINE]]:
}

static void first(void)
{
    double_all(numbers, COUNT);
}

static void second(void)
{
    numbers[COUNT - 1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
