/* Matrix multiply, the textbook's three loops: reads dominate, columns stride. */
#include "bench.h"

int main(int argc, char **argv)
{
    int n = bench_argument(argc, argv, 1, 320);
    double *a = malloc(sizeof(double) * (size_t)(n * n));
    double *b = malloc(sizeof(double) * (size_t)(n * n));
    double *c = calloc((size_t)(n * n), sizeof(double));
    for (int i = 0; i < n * n; i++) {
        a[i] = i % 7;
        b[i] = i % 5;
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += a[i * n + k] * b[k * n + j];
            c[i * n + j] = sum;
        }
    int64_t ended = bench_now_ns();
    if (c[n + 1] < 0)
        abort();
    bench_print((double)(ended - start) / 1e6);
    free(a);
    free(b);
    free(c);
}
