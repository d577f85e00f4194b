/* A child of _Fork beside a thread that is in the midst of changes of the shadow does not hang. */
// BEYOND TSAN: its child hangs
#include "pair.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 100
#define WORDS 1000

int shared;
static atomic_int stop;
static long words[2][WORDS];

/* Each is another epoch, whose marks are new. */
static void touch(long *of)
{
    static atomic_int epoch;
    for (int i = 0; i < WORDS; i++) {
        of[i] = i;
        atomic_fetch_add(&epoch, 1);
    }
}

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    while (!atomic_load_explicit(&stop, memory_order_relaxed))
        touch(words[0]);
}

static void second(void)
{
    for (int i = 0; i < FORKS; i++) {
        pid_t child = _Fork();
        CHECK(child >= 0);
        if (child == 0) {
            touch(words[1]);
            _exit(0);
        }
        int status;
        CHECK_EQ(waitpid(child, &status, 0), child);
        CHECK(WIFEXITED(status));
    }
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&stop, 1, memory_order_relaxed);
}

int main(void)
{
    pair_at_once();
}
