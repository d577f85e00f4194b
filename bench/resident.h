/* How much memory the process has resident. */
#ifndef BENCH_RESIDENT_H
#define BENCH_RESIDENT_H

#include "bench.h"

#include <unistd.h>

static inline long resident_bytes(void)
{
    long total_pages = 0, resident_pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%ld %ld", &total_pages, &resident_pages) != 2)
        abort();
    fclose(statm);
    return resident_pages * sysconf(_SC_PAGESIZE);
}

#endif
