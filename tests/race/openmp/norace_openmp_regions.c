/* Parallel regions and what is in them: loops, barriers, single, master, sections, ordered, regions
 * in regions; what waits for the team is ordered behind all of it. */
#include "openmp.h"

#define THREADS 4
#define ROUNDS 5
#define COUNT 1000

static int row[COUNT];
static int shared;
static long in_order;
static int inner[THREADS];

static void constructs(void)
{
#pragma omp critical
    shared++;
#pragma omp barrier
    CHECK_EQ(shared, THREADS);
#pragma omp barrier
#pragma omp single
    shared++;
    CHECK_EQ(shared, THREADS + 1);
#pragma omp barrier
#pragma omp master
    shared++;
#pragma omp barrier
    CHECK_EQ(shared, THREADS + 2);
#pragma omp for schedule(dynamic, 7) ordered
    for (int i = 0; i < COUNT; i++) {
        row[i]++;
#pragma omp ordered
        in_order = in_order * 3 + row[i];
    }
#pragma omp sections
    {
#pragma omp section
        row[0] = 1;
#pragma omp section
        row[1] = 1;
    }
    CHECK_EQ(row[0] + row[1], 2);
}

static void nested(void)
{
    int me = omp_get_thread_num();
    int sum = 0;
#pragma omp parallel num_threads(2)
    {
#pragma omp critical(nested)
        sum++;
#pragma omp barrier
#pragma omp single
        inner[me] += sum;
    }
    CHECK_EQ(sum == 1 || sum == 2, 1);
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        shared = 0;
#pragma omp parallel for num_threads(THREADS)
        for (int i = 0; i < COUNT; i++)
            row[i] = i + round;
#pragma omp parallel for num_threads(THREADS)
        for (int i = 0; i < COUNT; i++)
            CHECK_EQ(row[COUNT - 1 - i], COUNT - 1 - i + round);
#pragma omp parallel num_threads(THREADS)
        {
            constructs();
            nested();
        }
        row[2] = inner[0] + inner[THREADS - 1];
    }
}
