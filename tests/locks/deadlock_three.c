/* Three threads, each of which takes the next one's lock: no two of them are enough.  The
 * locks are on the heap. */
#include "pair.h"

#include <stdlib.h>

static pthread_mutex_t *locks; // of three

static void *nest(void *number)
{
    size_t i = (size_t)number;
    barrier_await(&step, (unsigned)i);
    pthread_mutex_lock(&locks[i]);
    pthread_mutex_lock(&locks[(i + 1) % 3]);
    pthread_mutex_unlock(&locks[(i + 1) % 3]);
    pthread_mutex_unlock(&locks[i]);
    barrier_arrive(&step);
    return NULL;
}

static void first(void) {}
static void second(void) {}

// CHECK: WARNING: LOCK-ORDER INVERSION
// CHECK: takes pthread_mutex 0x
// CHECK: holds pthread_mutex 0x
// CHECK: takes pthread_mutex 0x
// CHECK: holds pthread_mutex 0x
// CHECK: takes pthread_mutex 0x
// CHECK: holds pthread_mutex 0x
// CHECK: is heap block of size 120 at 0x{{.*}} in, allocated by main thread at:
// CHECK: Found 1 error
int main(void)
{
    pthread_t threads[3];
    (void)pair_in_order;
    (void)pair_at_once;
    locks = malloc(3 * sizeof *locks);
    for (size_t i = 0; i < 3; i++)
        CHECK_EQ(pthread_mutex_init(&locks[i], NULL), 0);
    for (size_t i = 0; i < 3; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, nest, (void *)i), 0);
    for (size_t i = 0; i < 3; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    free(locks);
}
