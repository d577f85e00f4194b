/* A test of something slow: in a bubble hours pass as soon as nobody has anything to do
 * before they are over, and quiescence can be waited for. */
#include <assert.h>
#include <goc.h>
#include <goc/synctest.h>
#include <stdio.h>

/* What is tested: keeps what it is given for a while, then drops it. */
struct cache {
    goc_mutex mutex;
    int value; /* the mutex; 0: nothing */
};

static void keep(struct cache *cache, int value, goc_duration life)
{
    goc_mutex_lock(&cache->mutex);
    cache->value = value;
    goc_mutex_unlock(&cache->mutex);
    go ^(void) {
        goc_sleep(life);
        goc_mutex_lock(&cache->mutex);
        cache->value = 0;
        goc_mutex_unlock(&cache->mutex);
    }();
}

static int look(struct cache *cache)
{
    goc_mutex_lock(&cache->mutex);
    int value = cache->value;
    goc_mutex_unlock(&cache->mutex);
    return value;
}

/* As a function, with an argument. */
static void test_cache(void *argument)
{
    struct cache *cache = argument;
    goc_time start = goc_now();
    keep(cache, 42, GOC_HOUR);
    goc_sleep(GOC_HOUR - GOC_NANOSECOND);
    goc_synctest_wait(); /* whoever has woken up at this moment is done */
    assert(look(cache) == 42);
    goc_sleep(GOC_NANOSECOND);
    goc_synctest_wait();
    assert(look(cache) == 0);
    printf("kept for %lld minutes\n", (long long)((goc_now() - start) / GOC_MINUTE));
}

int main(void)
{
    struct cache cache = {0};
    goc_synctest_run(test_cache, &cache);

    /* As a block literal: wait sees what the goroutine did before it blocked. */
    goc_synctest(^{
        int seen = 0;
        int *out = &seen;
        chan(int) c = chan_make(int, 0);
        go ^(void) {
            *out = 1;
            *out += chan_recv(c);
        }();
        goc_synctest_wait();
        printf("blocked after %d\n", seen);
        chan_send(c, 10);
        goc_synctest_wait();
        printf("ended with %d\n", seen);
        chan_free(c);
    });
}

// CHECK:      kept for 60 minutes
// CHECK-NEXT: blocked after 1
// CHECK-NEXT: ended with 11
