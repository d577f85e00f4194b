#include "work.h"

#include "config.h"

#include <pthread.h>

#define THREADS_MAX 8
#define ROUNDS 1000

struct counter {
    pthread_mutex_t lock;
    int locked;
    long value; /* lock, when locked */
};

static void *count(void *argument)
{
    struct counter *counter = argument;
    for (int i = 0; i < ROUNDS; i++) {
        if (counter->locked)
            pthread_mutex_lock(&counter->lock);
        counter->value++;
        if (counter->locked)
            pthread_mutex_unlock(&counter->lock);
    }
    return NULL;
}

long work_count(int threads, int locked)
{
    struct counter counter = {.locked = locked};
    pthread_t running[THREADS_MAX];
    if (threads > THREADS_MAX)
        return -1;
    pthread_mutex_init(&counter.lock, NULL);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&running[i], NULL, count, &counter) != 0)
            return -1;
    for (int i = 0; i < threads; i++)
        pthread_join(running[i], NULL);
    pthread_mutex_destroy(&counter.lock);
    return counter.value;
}

const char *work_platform(void)
{
#if defined(HAVE_UNISTD_H) && defined(HAVE_PTHREAD_CREATE) &&                            \
    !defined(HAVE_NO_SUCH_HEADER_H) && SIZEOF_LONG == 8
    return "as expected";
#else
    return "misjudged";
#endif
}
