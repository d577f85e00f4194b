/* Critical regions of two names are two locks. */
#include "openmp.h"

static int counter;

int main(void)
{
#pragma omp parallel num_threads(2)
    {
        if (omp_get_thread_num() == 0) {
#pragma omp critical(one)
            counter++;
        } else {
#pragma omp critical(other)
            counter++;
        }
    }
}
