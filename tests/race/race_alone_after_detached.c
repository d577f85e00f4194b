/* A detached thread has ended and is forgotten: who is left alone still races with what it
 * did, whichever byte of a word, and as often as it does something. */
// BEYOND TSAN: it begins a thread of its own, for whose end this would wait
#include "pair.h"

#include <dirent.h>

static _Alignas(8) char shared[8];
static char other;

static void *run(void *unused)
{
    shared[3] = 1; // CHECK-DAG: alone_after_detached.c:[[#@LINE]]:
    return unused;
}

static void first(void) {}

static void second(void) {}

/* How many threads the kernel knows of. */
static int threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (readdir(tasks) != NULL)
        count++;
    closedir(tasks);
    return count - 2;
}

int main(void)
{
    pthread_t thread;
    int before = threads();
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    CHECK_EQ(pthread_detach(thread), 0);
    while (threads() > before)
        ;
    other = 1;      // alone, of nobody's memory
    shared[2] = 1;  // a neighbour
    shared[3] += 2; // CHECK-DAG: alone_after_detached.c:[[#@LINE]]:
    (void)first, (void)second;
}
