/* Two threads of a region change one variable.  The barrier before it does not help. */
#include "openmp.h"

static int counter;

int main(void)
{
#pragma omp parallel num_threads(2)
    {
#pragma omp barrier
        counter++;
    }
    counter++; // behind both
}
