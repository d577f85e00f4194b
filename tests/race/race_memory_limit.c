/* With memory_limit_mb the detector forgets accesses instead of taking memory for them, says
 * so once, and finds what races afterwards. */
// GOC_RACE: memory_limit_mb=96
// BEYOND TSAN: its key of the name is in its own variable.
// CHECK-GOC: goc-race: memory_limit_mb=96 is reached
// CHECK-GOC-NOT: goc-race: memory_limit_mb
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIB = 1 << 20, SIZE = 64 * MIB, SLACK_MIB = 16, LIMIT_MIB = 96 };

int late;
static long *table;

/* One pass by each thread, in an order that is seen: two marks for many a word. */
static void pass(long value)
{
    for (size_t i = 0; i < SIZE / sizeof *table; i++)
        table[i] += value;
}

static void *other(void *unused)
{
    pass(2);
    return unused;
}

static void first(void)
{
    late = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    late = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

static int peak_mib(void)
{
    char line[128];
    int kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status) != NULL && kib == 0)
        (void)sscanf(line, "VmHWM: %d", &kib);
    fclose(status);
    return kib / 1024;
}

int main(void)
{
    pthread_t thread;
    table = malloc(SIZE);
    for (volatile size_t i = 0; i < SIZE; i += MIB) // the program's own comes bit by bit
        memset((char *)table + i, 0, MIB);
    for (int i = 0; i < 2; i++) {
        pass(1);
        CHECK_EQ(pthread_create(&thread, NULL, other, NULL), 0);
        CHECK_EQ(pthread_join(thread, NULL), 0);
    }
    CHECK_EQ(table[SIZE / sizeof *table - 1], 6);
    pair_in_order();
    CHECK(peak_mib() < LIMIT_MIB + SLACK_MIB);
    free(table);
}
