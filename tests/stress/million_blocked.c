/* A million goroutines blocked at once, on one channel; close ends them all.  Needs the memory of
 * a million stacks: a page or two each. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { MILLION = 1000000, SKIP_STATUS = 77 };

#define NEEDED_KIB 12000000L

static long available_kib(void)
{
    FILE *file = fopen("/proc/meminfo", "r");
    char line[128];
    long kib = 0;
    while (file && kib == 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %ld", &kib) != 1)
            kib = 0;
    if (file)
        fclose(file);
    return kib;
}

static void block(chan_recv_only(int) gate, goc_waitgroup *blocked, goc_waitgroup *ended)
{
    goc_waitgroup_done(blocked);
    chan_recv(gate);
    goc_waitgroup_done(ended);
}

int main(void)
{
    if (available_kib() < NEEDED_KIB) {
        printf("skipped: %ld KiB of memory are free, %ld are needed\n", available_kib(),
               NEEDED_KIB);
        return SKIP_STATUS;
    }
    chan(int) gate = chan_make(int, 0);
    goc_waitgroup blocked = {0};
    goc_waitgroup ended = {0};
    goc_waitgroup_add(&blocked, MILLION);
    goc_waitgroup_add(&ended, MILLION);
    for (int i = 0; i < MILLION; i++)
        go block(gate, &blocked, &ended);
    goc_waitgroup_wait(&blocked);
    CHECK_EQ(goc_num_goroutine(), MILLION + 1);
    chan_close(gate);
    goc_waitgroup_wait(&ended);
    chan_free(gate);
    printf("a million ended\n");
}

// CHECK: a million ended
