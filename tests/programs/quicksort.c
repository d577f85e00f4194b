/* Quicksort that sorts its halves in goroutines: much spawning, much waiting, no channel. */
#include <goc.h>
#include <stdio.h>
#include <stdlib.h>

enum { LENGTH = 200000, ALONE = 500 };

static int numbers[LENGTH];

static int compare(const void *a, const void *b)
{
    int x = *(const int *)a;
    int y = *(const int *)b;
    return (x > y) - (x < y);
}

static int *partition(int *low, int *high)
{
    int pivot = low[(high - low) / 2];
    for (;;) {
        while (*low < pivot)
            low++;
        while (*--high > pivot)
            ;
        if (low >= high)
            return low;
        int swap = *low;
        *low++ = *high;
        *high = swap;
    }
}

static void sort(int *low, int *high, goc_waitgroup *done)
{
    if (high - low <= ALONE) {
        qsort(low, (size_t)(high - low), sizeof *low, compare);
    } else {
        int *middle = partition(low, high);
        goc_waitgroup halves = {0};
        goc_waitgroup_add(&halves, 2);
        go sort(low, middle, &halves);
        go sort(middle, high, &halves);
        goc_waitgroup_wait(&halves);
    }
    goc_waitgroup_done(done);
}

int main(void)
{
    unsigned state = 1;
    for (int i = 0; i < LENGTH; i++) {
        state = state * 1103515245 + 12345;
        numbers[i] = (int)(state >> 1);
    }
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 1);
    go sort(numbers, numbers + LENGTH, &done);
    goc_waitgroup_wait(&done);
    int wrong = 0;
    for (int i = 1; i < LENGTH; i++)
        wrong += numbers[i - 1] > numbers[i];
    printf("%d out of order\n", wrong);
}

// CHECK: 0 out of order
