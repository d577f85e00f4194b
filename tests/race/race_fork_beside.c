/* The child of a fork that happens beside busy threads does not hang. */
#include "pair.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 20

int shared;
static atomic_int stop;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    while (!atomic_load_explicit(&stop, memory_order_relaxed))
        free(malloc(100));
}

static void second(void)
{
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            free(malloc(100));
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
