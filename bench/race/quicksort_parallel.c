/* Quicksort whose halves are goroutines while they are large. */
#include "bench.h"

#include <goc.h>

enum { ALONE = 10000 };

static void quicksort(int *v, int low, int high, goc_waitgroup *sorted)
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
        if (j - low > ALONE) {
            goc_waitgroup_add(sorted, 1);
            go ^(int from, int to) {
                quicksort(v, from, to, sorted);
                goc_waitgroup_done(sorted);
            }(low, j);
        } else {
            quicksort(v, low, j, sorted);
        }
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
    goc_waitgroup sorted = {0};
    int64_t start = bench_now_ns();
    quicksort(v, 0, n - 1, &sorted);
    goc_waitgroup_wait(&sorted);
    int64_t ended = bench_now_ns();
    for (int i = 1; i < n; i++)
        if (v[i - 1] > v[i])
            abort();
    bench_print((double)(ended - start) / 1e6);
    free(v);
}
