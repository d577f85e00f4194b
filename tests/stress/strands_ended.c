/* What an operation costs does not grow with the goroutines that have ended: asked after a
 * thousand and after each further million, of a channel's round trip, of a spawn with its wait,
 * and of a mutex.  CPU time, the best of some tries, and only ratios are judged.
 *
 *   strands_ended MILLIONS [unwaited]
 *
 * And what is kept of those that have ended does not grow either, once they are some millions.
 *
 * With "unwaited" nobody waits for those that end: nothing ever orders what comes after them.
 */
#include "check.h"

#include <goc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { KEPT_KIB_MAX = 128 * 1024 }; // 64 MiB of records, and what else a process takes
enum { MILLION = 1000000, BATCH = 1000, TRIES = 7, ROUNDS = 3000, RATIO_MAX = 2 };

static chan(int) there;
static chan(int) back;
static goc_mutex mutex;
static atomic_int running;

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void answer(void)
{
    chan_range(v, there) {
        chan_send(back, v);
    }
}

static void end(goc_waitgroup *ended)
{
    goc_waitgroup_done(ended);
}

static void end_unwaited(void)
{
    atomic_fetch_sub_explicit(&running, 1, memory_order_relaxed);
}

static void batch(void)
{
    goc_waitgroup ended = {0};
    goc_waitgroup_add(&ended, BATCH);
    for (int i = 0; i < BATCH; i++)
        go end(&ended);
    goc_waitgroup_wait(&ended);
}

static void batch_unwaited(void)
{
    atomic_store_explicit(&running, BATCH, memory_order_relaxed);
    for (int i = 0; i < BATCH; i++)
        go end_unwaited();
    while (atomic_load_explicit(&running, memory_order_relaxed) != 0)
        goc_yield();
}

static void round_trips(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        chan_send(there, i);
        CHECK_EQ(chan_recv(back), i);
    }
}

static void locks(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        goc_mutex_lock(&mutex);
        goc_mutex_unlock(&mutex);
    }
}

static const struct {
    const char *name;
    void (*run)(void);
    int operations;
} operations[] = {{"round trip", round_trips, ROUNDS},
                  {"spawn and wait", batch, BATCH},
                  {"lock and unlock", locks, ROUNDS}};

enum { OPERATIONS = sizeof operations / sizeof operations[0] };

/* COST comes down to the least that each operation costs now, in nanoseconds. */
static void measure(double cost[OPERATIONS])
{
    for (int o = 0; o < OPERATIONS; o++)
        for (int i = 0; i < TRIES; i++) {
            double start = cpu_ns();
            operations[o].run();
            double once = (cpu_ns() - start) / operations[o].operations;
            if (cost[o] == 0 || once < cost[o])
                cost[o] = once;
        }
}

static long resident_kib(void)
{
    long kib = 0;
    char line[128];
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

int main(int argc, char **argv)
{
    int millions = argc > 1 ? atoi(argv[1]) : 1;
    bool waits = argc <= 2;
    double first[OPERATIONS] = {0};
    double later[OPERATIONS] = {0};
    there = chan_make(int, 0);
    back = chan_make(int, 0);
    go answer();
    batch();
    measure(first);
    long kib = resident_kib();
    for (int million = 1; million <= millions; million++) {
        for (int i = 0; i < MILLION / BATCH; i++)
            waits ? batch() : batch_unwaited();
        memset(later, 0, sizeof later);
        measure(later);
        printf("after %d million:", million);
        for (int o = 0; o < OPERATIONS; o++) {
            printf(" %s %.0f ns (%.2f),", operations[o].name, later[o],
                   later[o] / first[o]);
        }
        printf(" %ld bytes a goroutine ended\n",
               (resident_kib() - kib) * 1024 / MILLION / million);
    }
    /* One that has grown stays so; whatever else takes time now and then does not. */
    bool grows = true;
    for (int i = 0; i < TRIES && grows; i++) {
        measure(later);
        grows = false;
        for (int o = 0; o < OPERATIONS; o++)
            grows = grows || later[o] > RATIO_MAX * first[o];
    }
    CHECK(!waits || resident_kib() - kib < KEPT_KIB_MAX);
    chan_close(there);
    printf(grows ? "costs grow\n" : "costs stay\n");
}

// CHECK: costs stay
