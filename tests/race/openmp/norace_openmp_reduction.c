/* Reductions, however the library goes about them: by atomic operations, in a critical region, in a
 * tree of the threads, which run the program's functions with each other's values. */
#include "openmp.h"

#define ROUNDS 10
#define COUNT 1000

struct point {
    long x, y, z;
};

static void add(struct point *into, const struct point *from)
{
    into->x += from->x;
    into->y += from->y;
    into->z += from->z;
}

#pragma omp declare reduction(add : struct point : add(&omp_out, &omp_in))               \
    initializer(omp_priv = (struct point){0, 0, 0})

int main(void)
{
    int all = 0;
    long sum = 0, greatest = 0, tasks = 0;
    int table[4] = {0};
    struct point point = {0, 0, 0};
    for (int round = 0; round < ROUNDS; round++) {
#pragma omp parallel num_threads(8) reduction(+ : all)
        {
#pragma omp for reduction(+ : table[ : 4])
            for (int i = 0; i < COUNT; i++)
                table[i % 4]++;
#pragma omp for reduction(+ : sum) reduction(max : greatest) nowait
            for (int i = 0; i < COUNT; i++) {
                sum += i;
                greatest = i > greatest ? i : greatest;
            }
#pragma omp for reduction(add : point)
            for (int i = 0; i < COUNT; i++)
                point.x += i;
            CHECK_EQ(point.x, sum);
            all++;
        }
        all++;
        table[0]--;
#pragma omp parallel num_threads(4)
#pragma omp single
#pragma omp taskgroup task_reduction(+ : tasks)
        for (int i = 0; i < 20; i++) {
#pragma omp task in_reduction(+ : tasks) firstprivate(i)
            tasks += i;
        }
        tasks++;
    }
    CHECK_EQ(greatest, COUNT - 1);
    CHECK_EQ(tasks, ROUNDS * 191);
    CHECK_EQ(table[0], ROUNDS * (COUNT / 4 - 1));
}
