/* The futex: a changed word, a time that is up, a wake; errno stays out of it. */
#include "base/atomic.h"
#include "os/clock.h"
#include "os/futex.h"
#include "unit.h"

#include <errno.h>
#include <pthread.h>

#define MOMENT_NS INT64_C(2000000)

static void returns_when_changed(void **state)
{
    (void)state;
    uint32_t word = 1;
    assert_true(goc__futex_wait(&word, 0, FUTEX_NO_DEADLINE));
}

static void returns_when_time_is_up(void **state)
{
    (void)state;
    uint32_t word = 0;
    errno = 0;
    int64_t until = goc__clock_now() + MOMENT_NS;
    while (goc__futex_wait(&word, 0, until))
        continue;
    assert_true(goc__clock_now() >= until);
    assert_false(goc__futex_wait(&word, 0, -1));
    assert_int_equal(errno, 0);
}

static uint32_t door;

static void *sleeper(void *unused)
{
    (void)unused;
    while (load_acquire(&door) == 0)
        goc__futex_wait(&door, 0, FUTEX_NO_DEADLINE);
    return NULL;
}

static void wakes(void **state)
{
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, sleeper, NULL), 0);
    store_release(&door, 1u);
    goc__futex_wake(&door, 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(returns_when_changed),
        cmocka_unit_test(returns_when_time_is_up),
        cmocka_unit_test(wakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
