/* Plain threads and goroutines talk over one channel; a thread that waits blocks as a
 * thread, and one that has never met the runtime may be the first to use it. */
#include <goc.h>
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, EACH = 1000 };

static chan(long) requests;
static chan(long) answers;

static void *ask(void *unused)
{
    for (long i = 1; i <= EACH; i++)
        chan_send(requests, i);
    return unused;
}

static void answer(void)
{
    chan_range(request, requests) {
        chan_send(answers, request * 2);
    }
}

static void *add_up(void *sum)
{
    for (int i = 0; i < THREADS * EACH; i++)
        *(long *)sum += chan_recv(answers);
    return NULL;
}

int main(void)
{
    requests = chan_make(long, 8);
    answers = chan_make(long, 0);
    pthread_t asking[THREADS];
    pthread_t adding;
    long sum = 0;
    pthread_create(&adding, NULL, add_up, &sum);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&asking[i], NULL, ask, NULL);
    for (int i = 0; i < 3; i++)
        go answer();
    for (int i = 0; i < THREADS; i++)
        pthread_join(asking[i], NULL);
    chan_close(requests);
    pthread_join(adding, NULL);
    printf("sum %ld\n", sum);
}

// CHECK: sum 4004000
