// Threads that come and go leave nothing behind but what is in memory: the numbers of their moments
// are had again.
// GOC_RACE: stats=1
// CHECK-GOC: blocks of moments {{[0-9]?[0-9]?[0-9]}},
#include <check.h>
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 2000, WORDS = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long words[WORDS]; // lock

static void *count(void *unused)
{
    (void)unused;
    for (int i = 0; i < WORDS; i++) {
        pthread_mutex_lock(&lock);
        words[i]++;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(void)
{
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, count, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    printf("%ld\n", words[WORDS - 1]);
    return 0;
}
