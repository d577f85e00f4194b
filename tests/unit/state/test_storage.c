/* state/storage.c: what threads keep, and what a forked child gives back of it. */
#include "base/atomic.h"
#include "entry/boot.h"
#include "entry/fork.h"
#include "state/slab.h"
#include "state/storage.h"
#include "state/strand.h"
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 20, KEPT_BYTES = 4096 };

static int ready; // atomic
static int over;  // atomic

static int boot(void **state)
{
    (void)state;
    race__boot();
    return 0;
}

static bool is_own(const struct race__storage *storage, void *context)
{
    (void)context;
    return storage->thread_pointer == race__thread_pointer();
}

static bool count_one(const struct race__storage *storage, void *count)
{
    (void)storage;
    ++*(int *)count;
    return false;
}

static int count(void)
{
    int number = 0;
    (void)race__storage_each(count_one, &number);
    return number;
}

static void *keep(void *unused)
{
    race__storage_begin();
    race__self.hints = race__storage_keep(RACE_KEPT_LEAVES);
    race__self.nestings = race__storage_keep(RACE_KEPT_NESTINGS);
    fetch_add_relaxed(&ready, 1);
    while (load_acquire(&over) == 0)
        sched_yield();
    race__storage_end();
    return unused;
}

/* In a child: 0 where what the other threads kept is free, and nothing of their caller's. */
static int gave_back(uint64_t before)
{
    uint64_t kept = (uint64_t)THREADS * 2 * KEPT_BYTES;
    if (count() != 1 || !race__storage_each(is_own, NULL))
        return 1;
    return race__slab_in_use() + kept <= before ? 0 : 2;
}

static void a_child_gives_back_what_others_kept(void **state)
{
    pthread_t threads[THREADS];
    int status = 0;
    (void)state;
    race__storage_begin();
    assert_int_equal(count(), 1);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep, NULL), 0);
    while (load_acquire(&ready) != THREADS)
        sched_yield();
    assert_int_equal(count(), THREADS + 1);
    uint64_t before = race__slab_in_use();
    race__fork_begin();
    pid_t pid = fork();
    race__fork_end(pid == 0);
    if (pid == 0)
        _exit(gave_back(before));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    store_release(&over, 1);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(count(), 1);
    assert_true(race__slab_in_use() < before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_gives_back_what_others_kept),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
