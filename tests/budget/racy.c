/* racy TURNS: three races, made over and over: in a loop that never calls anything, in a block of
 * the heap, and under locks that are not the same. */
#include <pthread.h>
#include <stdlib.h>

enum { STEPS = 20000 };

struct job {
    long done;
    long failed;
};

long steps;
static int turns;
static long under_lock;
static struct job *job;
static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

__attribute__((__noinline__)) static void compute(volatile long *at)
{
    for (int i = 0; i < STEPS; i++)
        ++*at;
}

static void *work(void *lock)
{
    for (int i = 0; i < turns; i++) {
        compute(&steps);
        job->done++;
        pthread_mutex_lock(lock);
        under_lock++;
        pthread_mutex_unlock(lock);
    }
    return NULL;
}

int main(int count, char **arguments)
{
    pthread_t threads[2];
    turns = count > 1 ? atoi(arguments[1]) : 1;
    job = calloc(1, sizeof *job);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, work, &locks[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    free(job);
}
