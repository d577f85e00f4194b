/* Nobody waits for who runs a single region with nowait. */
#include "openmp.h"

static int made;
static int seen[2];

int main(void)
{
#pragma omp parallel num_threads(2)
    {
#pragma omp single nowait
        made = 1;
        seen[omp_get_thread_num()] = made;
    }
    CHECK_EQ(seen[0] + seen[1] <= 2, 1);
}
