/* sync/ over its semaphores: no wake-up is lost, and what the holder wrote the next one sees. */
#include "base/atomic.h"
#include "model.h"
#include "sync/sema.h"

#include <goc/sync.h>

static uint32_t sema;
static int guarded; /* by the semaphore, or the mutex; plain */

static void acquire_and_release(void *unused)
{
    (void)unused;
    goc__sema_acquire(&sema, false, WAIT_SEMACQUIRE, NULL);
    guarded++;
    goc__sema_release(&sema);
}

static void sema_as_a_lock(void)
{
    sema = 1;
    model_thread(acquire_and_release, NULL);
    model_thread(acquire_and_release, NULL);
    model_join();
    MODEL_CHECK(guarded == 2);
    MODEL_CHECK(load_relaxed(&sema) == 1);
}

static void acquire(void *unused)
{
    (void)unused;
    goc__sema_acquire(&sema, false, WAIT_SEMACQUIRE, NULL);
    MODEL_CHECK(guarded == 5);
}

static void release_twice(void *unused)
{
    (void)unused;
    guarded = 5;
    goc__sema_release(&sema);
    goc__sema_release(&sema);
}

static void two_wait(void)
{
    model_thread(acquire, NULL);
    model_thread(acquire, NULL);
    model_thread(release_twice, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&sema) == 0);
}

static goc_mutex mutex;

static void lock_and_unlock(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    guarded++;
    goc_mutex_unlock(&mutex);
}

static void mutex_of(int count)
{
    for (int i = 0; i < count; i++)
        model_thread(lock_and_unlock, NULL);
    model_join();
    MODEL_CHECK(guarded == count);
}

static void mutex_of_two(void)
{
    mutex_of(2);
}

static void mutex_of_three(void)
{
    mutex_of(3);
}

static goc_waitgroup group;
static int parts[2]; /* plain */

static void do_part(void *number)
{
    parts[(uintptr_t)number] = 1;
    goc_waitgroup_done(&group);
}

static void wait_for_parts(void *unused)
{
    (void)unused;
    goc_waitgroup_wait(&group);
    MODEL_CHECK(parts[0] + parts[1] == 2);
}

static void waitgroup(void)
{
    goc_waitgroup_add(&group, 2);
    model_thread(do_part, (void *)0);
    model_thread(do_part, (void *)1);
    model_thread(wait_for_parts, NULL);
    model_join();
}

static goc_once once;

static void make_it(void)
{
    guarded++;
}

static void have_it_made(void *unused)
{
    (void)unused;
    goc_once_do(&once, make_it);
    MODEL_CHECK(guarded == 1);
}

static void once_of_two(void)
{
    model_thread(have_it_made, NULL);
    model_thread(have_it_made, NULL);
    model_join();
}

int main(void)
{
    model_explore("semaphore: as a lock", sema_as_a_lock, 3, 1);
    model_explore("semaphore: two wait", two_wait, 1, 0);
    model_explore("mutex: two tasks", mutex_of_two, 3, 2);
    model_explore("waitgroup: two parts", waitgroup, 1, 1);
    model_explore("once: two tasks", once_of_two, 3, 2);
    model_random("semaphore: two wait", two_wait, 5, 3000);
    model_random("mutex: three tasks", mutex_of_three, 5, 3000);
}
