/* Tasks that have the same input depend on its output, and not on each other. */
#include "openmp.h"

static int input, counter;
static int begun; // atomic, relaxed

static void together(void)
{
    CHECK_EQ(input, 1);
    __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&begun, __ATOMIC_RELAXED) != 2)
        ;
    counter++;
}

int main(void)
{
#pragma omp parallel num_threads(2)
#pragma omp single
    {
#pragma omp task depend(out : input)
        input = 1;
#pragma omp task depend(in : input)
        together();
#pragma omp task depend(in : input)
        together();
#pragma omp task depend(inout : input)
        counter++;
    }
}
