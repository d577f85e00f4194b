/* What go, WaitGroup, Mutex, RWMutex, Once and Cond order and what they do not. */
#include "scenarios.h"

static goc_waitgroup all;
static goc_mutex mutex;
static goc_rwmutex rwmutex;
static goc_once once;
static goc_cond cond = GOC_COND_INIT(&mutex);
static struct barrier gate;

/* go: what came before it is seen by the goroutine, and nothing orders the rest. */

static void touch_and_arrive(void)
{
    touch();
    barrier_arrive(&gate);
}

static void go_after_touch(void)
{
    touch();
    go touch_and_arrive();
    see(&gate, 1);
}

static void end_of_a_goroutine_orders_nothing(void)
{
    go touch_and_arrive();
    see(&gate, 1);
    while (goc_num_goroutine() > 1)
        goc_yield();
    touch();
}

static void yield_orders_nothing(void)
{
    goc_maxprocs(1);
    go touch_and_arrive();
    go touch_and_arrive();
    see(&gate, 2);
}

static void sleep_orders_nothing(void)
{
    go touch_and_arrive();
    goc_sleep(20 * GOC_MILLISECOND); /* tidy: sleep, because it must not order anything */
    see(&gate, 1);
    touch();
}

/* WaitGroup */

static void touch_and_done(void)
{
    touch();
    goc_waitgroup_done(&all);
}

static void done_before_wait(void)
{
    goc_waitgroup_add(&all, 1);
    go ^{
        let_others_park();
        touch_and_done();
    }();
    goc_waitgroup_wait(&all);
    touch();
}

static void done_before_late_wait(void)
{
    goc_waitgroup_add(&all, 1);
    go ^{
        touch_and_done();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    goc_waitgroup_wait(&all);
    touch();
}

static void every_done_before_wait(void)
{
    static int each[4];
    goc_waitgroup_add(&all, 4);
    for (int i = 0; i < 4; i++) {
        go ^(int own) {
            each[own] = own;
            goc_waitgroup_done(&all);
        }(i);
    }
    goc_waitgroup_wait(&all);
    for (int i = 0; i < 4; i++)
        each[i]++;
}

static void done_before_every_wait(void)
{
    goc_waitgroup_add(&all, 1);
    for (int i = 0; i < 2; i++) {
        go ^{
            goc_waitgroup_wait(&all);
            CHECK_EQ(shared, 1);
            barrier_arrive(&gate);
        }();
    }
    let_others_park();
    touch_and_done();
    see(&gate, 2);
}

static void workers_are_not_ordered(void)
{
    goc_waitgroup_add(&all, 2);
    go touch_and_done();
    go touch_and_done();
    goc_waitgroup_wait(&all);
}

static void waiters_are_not_ordered(void)
{
    goc_waitgroup_add(&all, 1);
    go ^{
        touch();
        goc_waitgroup_wait(&all);
        barrier_arrive(&gate);
    }();
    let_others_park();
    goc_waitgroup_done(&all);
    see(&gate, 1);
    goc_waitgroup_wait(&all);
    touch();
}

static void one_done_is_not_enough(void)
{
    goc_waitgroup_add(&all, 2);
    go touch_and_done();
    go ^{
        see(&gate, 1);
        goc_waitgroup_done(&all);
    }();
    while ((int)(__atomic_load_n(&all.state, __ATOMIC_RELAXED) >> 32) > 1)
        goc_yield();
    touch();
    barrier_arrive(&gate);
    goc_waitgroup_wait(&all);
}

static void waitgroup_again_and_again(void)
{
    for (int i = 0; i < 20; i++) {
        goc_waitgroup_add(&all, 1);
        go touch_and_done();
        goc_waitgroup_wait(&all);
        touch();
    }
}

static void waitgroup_on_the_stack(void)
{
    for (int i = 0; i < 20; i++) {
        goc_waitgroup own = {0};
        goc_waitgroup *wg = &own;
        goc_waitgroup_add(wg, 1);
        go ^{
            touch();
            goc_waitgroup_done(wg);
        }();
        goc_waitgroup_wait(wg);
        touch();
    }
}

/* The first add and a wait that waits must be ordered, or wait may not wait for it. */
static void add_against_wait(void)
{
    go ^{
        goc_waitgroup_add(&all, 1);
        barrier_arrive(&gate);
        let_others_park();
        goc_waitgroup_done(&all);
    }();
    see(&gate, 1);
    goc_waitgroup_wait(&all);
}

static void adds_beside_each_other(void)
{
    goc_waitgroup_add(&all, 1);
    for (int i = 0; i < 3; i++) {
        goc_waitgroup_add(&all, 1);
        go ^{
            goc_waitgroup_add(&all, 1);
            goc_waitgroup_done(&all);
            goc_waitgroup_done(&all);
        }();
    }
    goc_waitgroup_done(&all);
    goc_waitgroup_wait(&all);
}

/* Mutex */

static void touch_under_mutex(void)
{
    goc_mutex_lock(&mutex);
    touch();
    goc_mutex_unlock(&mutex);
}

static void mutex_orders(void)
{
    goc_waitgroup_add(&all, 4);
    for (int i = 0; i < 4; i++) {
        go ^{
            for (int turn = 0; turn < 50; turn++) {
                touch_under_mutex();
                goc_yield();
            }
            goc_waitgroup_done(&all);
        }();
    }
    for (int turn = 0; turn < 50; turn++)
        touch_under_mutex();
    goc_waitgroup_wait(&all);
}

static void trylock_orders(void)
{
    goc_waitgroup_add(&all, 3);
    for (int i = 0; i < 3; i++) {
        go ^{
            while (!goc_mutex_trylock(&mutex))
                goc_yield();
            touch();
            goc_mutex_unlock(&mutex);
            goc_waitgroup_done(&all);
        }();
    }
    goc_waitgroup_wait(&all);
}

static void failed_trylock_orders_nothing(void)
{
    goc_mutex_lock(&mutex);
    go ^{
        CHECK(!goc_mutex_trylock(&mutex));
        touch_and_arrive();
    }();
    touch();
    see(&gate, 1);
    goc_mutex_unlock(&mutex);
}

static void another_mutex_does_not_help(void)
{
    static goc_mutex other;
    go ^{
        goc_mutex_lock(&other);
        touch();
        goc_mutex_unlock(&other);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    touch_under_mutex();
}

/* RWMutex */

static void rlock_and_look(void)
{
    goc_rwmutex_rlock(&rwmutex);
    CHECK(shared >= 0);
    goc_rwmutex_runlock(&rwmutex);
}

static void rwmutex_orders(void)
{
    goc_waitgroup_add(&all, 4);
    for (int i = 0; i < 4; i++) {
        go ^{
            for (int turn = 0; turn < 50; turn++) {
                rlock_and_look();
                goc_yield();
            }
            goc_waitgroup_done(&all);
        }();
    }
    for (int turn = 0; turn < 50; turn++) {
        goc_rwmutex_lock(&rwmutex);
        touch();
        goc_rwmutex_unlock(&rwmutex);
        goc_yield();
    }
    goc_waitgroup_wait(&all);
}

static void runlock_before_lock(void)
{
    go ^{
        goc_rwmutex_rlock(&rwmutex);
        touch();
        barrier_arrive(&gate);
        let_others_park();
        goc_rwmutex_runlock(&rwmutex);
    }();
    see(&gate, 1);
    goc_rwmutex_lock(&rwmutex);
    touch();
    goc_rwmutex_unlock(&rwmutex);
}

static void readers_that_write(void)
{
    for (int i = 0; i < 2; i++) {
        go ^{
            goc_rwmutex_rlock(&rwmutex);
            touch();
            goc_rwmutex_runlock(&rwmutex);
            barrier_arrive(&gate);
        }();
    }
    see(&gate, 2);
}

/* Once */

static void once_orders_its_callers(void)
{
    goc_waitgroup_add(&all, 4);
    for (int i = 0; i < 4; i++) {
        go ^{
            goc_once_do(&once, touch);
            CHECK_EQ(shared, 1);
            goc_waitgroup_done(&all);
        }();
    }
    goc_waitgroup_wait(&all);
}

static void nothing(void) {}

/* Only the return of f is ordered before the others, not what its caller does later. */
static void once_orders_no_more_than_f(void)
{
    go ^{
        goc_once_do(&once, nothing);
        touch_and_arrive();
    }();
    see(&gate, 1);
    goc_once_do(&once, nothing);
    touch();
}

/* Cond */

static bool ready; /* mutex */

static void signal_before_wait_returns(void)
{
    go ^{
        touch();
        goc_mutex_lock(&mutex);
        ready = true;
        goc_mutex_unlock(&mutex);
        goc_cond_signal(&cond);
    }();
    goc_mutex_lock(&mutex);
    while (!ready)
        goc_cond_wait(&cond);
    goc_mutex_unlock(&mutex);
    touch();
}

/* A signal after the unlock orders what stands between the two, too. */
static void signal_orders_by_itself(void)
{
    static struct barrier waiting;
    go ^{
        see(&waiting, 1);
        goc_mutex_lock(&mutex); /* once this succeeds, main waits */
        goc_mutex_unlock(&mutex);
        touch();
        goc_cond_signal(&cond);
    }();
    goc_mutex_lock(&mutex);
    barrier_arrive(&waiting);
    goc_cond_wait(&cond);
    goc_mutex_unlock(&mutex);
    touch();
}

static void broadcast_before_wait_returns(void)
{
    static struct barrier waiting;
    goc_waitgroup_add(&all, 2);
    for (int i = 0; i < 2; i++) {
        go ^{
            goc_mutex_lock(&mutex);
            barrier_arrive(&waiting);
            goc_cond_wait(&cond);
            goc_mutex_unlock(&mutex);
            CHECK_EQ(shared, 1);
            goc_waitgroup_done(&all);
        }();
    }
    see(&waiting, 2);
    goc_mutex_lock(&mutex);
    goc_mutex_unlock(&mutex);
    touch();
    goc_cond_broadcast(&cond);
    goc_waitgroup_wait(&all);
}

/* Deadlines: in time is as without one, too late orders nothing. */

static void done_before_wait_until(void)
{
    goc_waitgroup_add(&all, 1);
    go touch_and_done();
    CHECK_EQ(goc_waitgroup_wait_until(&all, GOC_NEVER), 0);
    touch();
}

static void wait_until_too_late_orders_nothing(void)
{
    goc_waitgroup_add(&all, 2);
    go touch_and_done();
    while (goc_num_goroutine() > 1)
        goc_yield();
    CHECK(goc_waitgroup_wait_until(&all, goc_now() + GOC_MILLISECOND) < 0);
    touch();
}

static void signal_before_wait_until_returns(void)
{
    go ^{
        see(&gate, 1);
        goc_mutex_lock(&mutex);
        goc_mutex_unlock(&mutex);
        touch();
        goc_cond_signal(&cond);
    }();
    goc_mutex_lock(&mutex);
    barrier_arrive(&gate);
    CHECK_EQ(goc_cond_wait_until(&cond, GOC_NEVER), 0);
    goc_mutex_unlock(&mutex);
    touch();
}

/* Once whose f ends its goroutine */

static void touch_and_exit(void)
{
    touch();
    goc_exit();
}

static void once_orders_what_exit_ended(void)
{
    go ^{
        goc_once_do(&once, touch_and_exit);
    }();
    while (goc_num_goroutine() > 1)
        goc_yield();
    goc_once_do(&once, touch_and_exit);
    touch();
}

/* A use of an object is a read of it: who overwrites or frees it must come before or after. */

static void overwrite(void *object, size_t size)
{
    go ^{
        see(&gate, 1);
        memset(object, 0, size);
        barrier_arrive(&gate);
    }();
    barrier_arrive(&gate);
    see(&gate, 2);
}

static void overwritten_mutex(void)
{
    overwrite(&mutex, sizeof mutex);
    goc_mutex_lock(&mutex);
}

static void overwritten_after_unlock(void)
{
    go ^{
        see(&gate, 1);
        memset(&mutex, 0, sizeof mutex);
        barrier_arrive(&gate);
    }();
    goc_mutex_lock(&mutex);
    goc_mutex_unlock(&mutex);
    barrier_arrive(&gate);
    see(&gate, 2);
}

static void overwritten_in_trylock(void)
{
    overwrite(&mutex, sizeof mutex);
    goc_mutex_trylock(&mutex);
}

static void overwritten_for_readers(void)
{
    overwrite(&rwmutex, sizeof rwmutex);
    goc_rwmutex_rlock(&rwmutex);
}

static void overwritten_for_writers(void)
{
    overwrite(&rwmutex, sizeof rwmutex);
    goc_rwmutex_lock(&rwmutex);
}

static void overwritten_waitgroup(void)
{
    overwrite(&all, sizeof all);
    goc_waitgroup_wait(&all);
}

static void overwritten_once(void)
{
    overwrite(&once, sizeof once);
    goc_once_do(&once, touch);
}

static void overwritten_cond(void)
{
    overwrite(&cond, sizeof cond);
    goc_cond_signal(&cond);
}

/* Who has it locked last, of all who know it, may free it. */
static void freed_by_the_last(void)
{
    goc_rwmutex *own = calloc(1, sizeof *own);
    goc_rwmutex_rlock(own);
    go ^{
        goc_rwmutex_lock(own);
        goc_rwmutex_unlock(own);
        memset(own, 0, sizeof *own);
        free(own);
        barrier_arrive(&gate);
    }();
    let_others_park();
    goc_rwmutex_runlock(own);
    see(&gate, 1);
}

static const struct scenario scenarios[] = {
    SCENARIO(go_after_touch, NO_RACE),
    SCENARIO(end_of_a_goroutine_orders_nothing, RACE),
    SCENARIO(yield_orders_nothing, RACE),
    SCENARIO(sleep_orders_nothing, RACE),
    SCENARIO(done_before_wait, NO_RACE),
    SCENARIO(done_before_late_wait, NO_RACE),
    SCENARIO(every_done_before_wait, NO_RACE),
    SCENARIO(done_before_every_wait, NO_RACE),
    SCENARIO(workers_are_not_ordered, RACE),
    SCENARIO(waiters_are_not_ordered, RACE),
    SCENARIO(one_done_is_not_enough, RACE),
    SCENARIO(waitgroup_again_and_again, NO_RACE),
    SCENARIO(waitgroup_on_the_stack, NO_RACE),
    SCENARIO(add_against_wait, RACE),
    SCENARIO(adds_beside_each_other, NO_RACE),
    SCENARIO(mutex_orders, NO_RACE),
    SCENARIO(trylock_orders, NO_RACE),
    SCENARIO(failed_trylock_orders_nothing, RACE),
    SCENARIO(another_mutex_does_not_help, RACE),
    SCENARIO(rwmutex_orders, NO_RACE),
    SCENARIO(runlock_before_lock, NO_RACE),
    SCENARIO(readers_that_write, RACE),
    SCENARIO(once_orders_its_callers, NO_RACE),
    SCENARIO(once_orders_no_more_than_f, RACE),
    SCENARIO(signal_before_wait_returns, NO_RACE),
    SCENARIO(signal_orders_by_itself, NO_RACE),
    SCENARIO(broadcast_before_wait_returns, NO_RACE),
    SCENARIO(done_before_wait_until, NO_RACE),
    SCENARIO(wait_until_too_late_orders_nothing, RACE),
    SCENARIO(signal_before_wait_until_returns, NO_RACE),
    SCENARIO(once_orders_what_exit_ended, NO_RACE),
    SCENARIO(overwritten_mutex, RACE),
    SCENARIO(overwritten_after_unlock, RACE),
    SCENARIO(overwritten_in_trylock, RACE),
    SCENARIO(overwritten_for_readers, RACE),
    SCENARIO(overwritten_for_writers, RACE),
    SCENARIO(overwritten_waitgroup, RACE),
    SCENARIO(overwritten_once, RACE),
    SCENARIO(overwritten_cond, RACE),
    SCENARIO(freed_by_the_last, NO_RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 40 wrong
