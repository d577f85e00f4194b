/* Tasks: what creates one is before it, and it is before the taskwait of its parent, the end of its
 * taskgroup, the next barrier of its team, and the tasks that depend on it.  Their memory is used
 * again for other tasks on other threads. */
#include "openmp.h"

#define COUNT 64
#define ROUNDS 10

static int row[COUNT];
static int first, second, third, last;

static int fibonacci(int n)
{
    int x = 0, y = 0;
    if (n < 2)
        return n;
#pragma omp task shared(x)
    x = fibonacci(n - 1);
#pragma omp task shared(y)
    y = fibonacci(n - 2);
#pragma omp taskwait
    return x + y;
}

static void grouped(void)
{
#pragma omp taskgroup
    for (int i = 0; i < COUNT; i++) {
#pragma omp task firstprivate(i)
        {
            row[i]++;
            /* Its parent does not wait: the group does. */
#pragma omp task firstprivate(i)
            row[i]++;
        }
    }
    for (int i = 0; i < COUNT; i++)
        row[i]++;
}

static void dependent(void)
{
#pragma omp task depend(out : first)
    first = 1;
#pragma omp task depend(in : first) depend(out : second)
    second = first + 1;
#pragma omp task depend(in : first) depend(out : third)
    third = first + 2;
#pragma omp task depend(in : second, third)
    last = second + third;
#pragma omp task depend(mutexinoutset : second)
    second += 2;
#pragma omp task depend(mutexinoutset : second)
    second += 3;
#pragma omp task depend(in : second)
    third = second;
#pragma omp taskwait depend(in : second)
    CHECK_EQ(second, 7);
#pragma omp taskwait
    CHECK_EQ(last, 5);
    CHECK_EQ(third, 7);
}

int main(void)
{
    int result = 0;
    for (int round = 0; round < ROUNDS; round++) {
#pragma omp parallel num_threads(4)
#pragma omp single
        {
            result = fibonacci(10);
            grouped();
            dependent();
#pragma omp taskloop grainsize(4)
            for (int i = 0; i < COUNT; i++)
                row[i]++;
            row[3]++;
            /* The region's last barrier waits for these. */
            for (int i = 0; i < COUNT; i++) {
#pragma omp task firstprivate(i)
                row[i]++;
            }
        }
        row[5]++;
    }
    CHECK_EQ(result, 55);
}
