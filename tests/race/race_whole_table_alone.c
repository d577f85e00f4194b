/* A table that nobody wrote is read as a whole, by a thread that is forgotten: who is left alone
 * still races with that in words that no other access has marked. */
// BEYOND TSAN: it begins a thread of its own, for whose end this would wait
#include "check.h"

#include <dirent.h>
#include <pthread.h>
#include <string.h>

enum { SIZE = 1024 };

_Alignas(SIZE) char table[SIZE];

/* Twice, without order: the first word has marks of two. */
static void *read_first(void *unused)
{
    CHECK_EQ(*(volatile char *)table, 0);
    return unused;
}

static void *read_all(void *unused)
{
    CHECK(memchr(table, 1, SIZE) == NULL); // CHECK-DAG: whole_table_alone.c:[[#@LINE]]:
    return unused;
}

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

static void run_and_forget(void *(*function)(void *))
{
    pthread_t thread;
    int before = threads();
    CHECK_EQ(pthread_create(&thread, NULL, function, NULL), 0);
    CHECK_EQ(pthread_detach(thread), 0);
    while (threads() > before)
        ;
}

int main(void)
{
    run_and_forget(read_first);
    run_and_forget(read_first);
    run_and_forget(read_all);
    table[SIZE / 2] = 1; // CHECK-DAG: whole_table_alone.c:[[#@LINE]]:
}
