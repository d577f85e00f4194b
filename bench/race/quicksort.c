/* Quicksort of random integers: reads and writes of 4 bytes, recursion. */
#include "bench.h"

static void quicksort(int *v, int low, int high)
{
    while (low < high) {
        int pivot = v[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                int swapped = v[i];
                v[i++] = v[j];
                v[j--] = swapped;
            }
        }
        quicksort(v, low, j);
        low = i;
    }
}

int main(int argc, char **argv)
{
    int n = bench_argument(argc, argv, 1, 2000000);
    int *v = malloc(sizeof(int) * (size_t)n);
    uint32_t random = 12345;
    for (int i = 0; i < n; i++) {
        random = random * 1664525u + 1013904223u;
        v[i] = (int)(random >> 1);
    }
    int64_t start = bench_now_ns();
    quicksort(v, 0, n - 1);
    int64_t ended = bench_now_ns();
    for (int i = 1; i < n; i++)
        if (v[i - 1] > v[i])
            abort();
    bench_print((double)(ended - start) / 1e6);
    free(v);
}
