/* The result of a reduction with nowait is there behind the next barrier, and not before. */
#include "openmp.h"

#define COUNT 100

#define THREADS 8

static long seen[THREADS];

int main(void)
{
    long sum = 0;
#pragma omp parallel num_threads(THREADS)
    {
#pragma omp for reduction(+ : sum) nowait
        for (int i = 0; i < COUNT; i++)
            sum += i;
        seen[omp_get_thread_num()] = sum;
    }
    CHECK_EQ(sum, COUNT * (COUNT - 1) / 2);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(seen[i] <= sum, 1);
}
