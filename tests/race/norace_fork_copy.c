/* What the other threads of a parent did to its memory is no race with what a child of fork does
 * to its copy: it overwrites what they read and wrote, frees it, begins their locks anew, and then
 * reads what it wrote itself. */
// BEYOND TSAN: it does not look at the child of a process with threads
#include "pair.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TABLE = 4096, ENTRIES = 32, COUNTERS = 12 };

static int was_read;
static int was_written;
static int was_both;
static _Atomic int flag;
static _Atomic int counter; // of all threads, and then read as it is
static char *block;
static char table[TABLE];
static int summed[2][ENTRIES]; // written by a thread, and then read by another one
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void use(void)
{
    CHECK_EQ(was_read, 0);
    was_written = 5;
    was_both++;
    CHECK_EQ(block[3], 0);
    CHECK_EQ(memchr(table, 1, sizeof table), NULL);
    int sum = 0;
    for (int i = 0; i < ENTRIES; i++)
        sum += summed[0][i] + summed[1][i];
    CHECK_EQ(sum, 2 * ENTRIES);
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
    pthread_mutex_lock(&mutex);
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
}

/* Many, so that a word has a crowd of atomic marks. */
static void *count(void *unused)
{
    atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
    barrier_arrive(&step);
    barrier_await(&step, COUNTERS + 3);
    return unused;
}

/* A second one, so that words have several marks. */
static void *wait_beside(void *unused)
{
    CHECK_EQ(was_read + block[3], 0);
    CHECK_EQ(memchr(table, 1, sizeof table), NULL);
    barrier_arrive(&step);
    barrier_await(&step, COUNTERS + 3);
    return unused;
}

static void first(void)
{
    use();
    barrier_arrive(&step);
    barrier_await(&step, COUNTERS + 3);
}

static void begin_anew(int round)
{
    was_read = round + 1;
    was_written = round + 2;
    was_both = round + 3;
    memset(table, round, sizeof table);
    for (int i = 0; i < ENTRIES; i++)
        summed[0][i] = round;
    atomic_store_explicit(&flag, 0, memory_order_relaxed);
    CHECK_EQ(*(volatile int *)&flag, 0);
    atomic_store_explicit(&counter, round, memory_order_relaxed);
    CHECK_EQ(*(volatile int *)&counter, round);
    pthread_mutex_init(&mutex, NULL);
    pthread_cond_init(&cond, NULL);
}

/* In a child: with two threads, one of whom goes on with what the other one left. */
static void *go_on(void *unused)
{
    pthread_mutex_lock(&mutex);
    CHECK_EQ(was_read + was_written + was_both, 6);
    was_both = 7;
    for (int i = 0; i < ENTRIES; i++)
        summed[1][i] = 7;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void child(void)
{
    pthread_t thread;
    begin_anew(0);
    free(block);
    CHECK_EQ(pthread_create(&thread, NULL, go_on, NULL), 0);
    pthread_mutex_lock(&mutex);
    while (was_both != 7)
        pthread_cond_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void wait_for(pid_t pid)
{
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}

static void second(void)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        child();
        begin_anew(1);
        pid = fork(); // a copy of the copy
        CHECK(pid >= 0);
        if (pid == 0) {
            begin_anew(2);
            exit(0);
        }
        wait_for(pid);
        exit(0);
    }
    wait_for(pid);
}

static void *fill(void *unused)
{
    for (int i = 0; i < ENTRIES; i++)
        summed[0][i] = summed[1][i] = 1;
    return unused;
}

static void *first_thread(void *unused)
{
    first();
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    pthread_t counters[COUNTERS];
    block = calloc(1, 10);
    CHECK_EQ(pthread_create(&threads[0], NULL, fill, NULL), 0);
    CHECK_EQ(pthread_join(threads[0], NULL), 0);
    CHECK_EQ(pthread_create(&threads[0], NULL, first_thread, NULL), 0);
    CHECK_EQ(pthread_create(&threads[1], NULL, wait_beside, NULL), 0);
    for (int i = 0; i < COUNTERS; i++)
        CHECK_EQ(pthread_create(&counters[i], NULL, count, NULL), 0);
    barrier_await(&step, COUNTERS + 2);
    second();
    barrier_arrive(&step);
    CHECK_EQ(pthread_join(threads[0], NULL), 0);
    CHECK_EQ(pthread_join(threads[1], NULL), 0);
    for (int i = 0; i < COUNTERS; i++)
        CHECK_EQ(pthread_join(counters[i], NULL), 0);
    free(block);
}
