/* A library with a parallel region in it, for ../norace_openmp_opened.c. */
static int counter;

int region(void);

int region(void)
{
#pragma omp parallel num_threads(4)
    {
#pragma omp critical
        counter++;
#pragma omp barrier
#pragma omp single
        counter++;
    }
    return counter;
}
