/* Two tasks of one parent, at once: each waits, without making order, for the other to have
 * begun. */
#include "openmp.h"

static int counter;
static int begun; // atomic, relaxed

static void together(void)
{
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
#pragma omp task
        together();
#pragma omp task
        together();
    }
    counter++; // behind both
}
