/* Locks, WaitGroups, pools and shared calls, by plain threads: what one party wrote the next one
 * sees, whichever way the two meet. */
#include "base/atomic.h"
#include "model.h"
#include "os/clock.h"
#include "sched/bubble.h"
#include "sched/gmp.h"

#include <goc/pool.h>
#include <goc/singleflight.h>
#include <goc/sync.h>
#include <goc/synctest.h>

void *goc__model_malloc(size_t size);
void goc__model_free(void *p);

static int guarded; /* plain */

/* ---- RWMutex ------------------------------------------------------------------------------ */

static goc_rwmutex rw;

static void read_it(void *unused)
{
    (void)unused;
    goc_rwmutex_rlock(&rw);
    MODEL_CHECK(guarded % 2 == 0);
    goc_rwmutex_runlock(&rw);
}

static void try_to_read(void *unused)
{
    (void)unused;
    if (!goc_rwmutex_tryrlock(&rw))
        return;
    MODEL_CHECK(guarded % 2 == 0);
    goc_rwmutex_runlock(&rw);
}

static void write_it(void *unused)
{
    (void)unused;
    goc_rwmutex_lock(&rw);
    guarded++;
    guarded++;
    goc_rwmutex_unlock(&rw);
}

static void try_to_write(void *unused)
{
    (void)unused;
    if (!goc_rwmutex_trylock(&rw))
        return;
    guarded++;
    guarded++;
    goc_rwmutex_unlock(&rw);
}

static void one_reads_one_writes(void)
{
    model_thread(read_it, NULL);
    model_thread(write_it, NULL);
    model_join();
    MODEL_CHECK(guarded == 2);
}

static void two_write(void)
{
    model_thread(write_it, NULL);
    model_thread(write_it, NULL);
    model_join();
    MODEL_CHECK(guarded == 4);
}

static void some_try(void)
{
    model_thread(try_to_read, NULL);
    model_thread(try_to_write, NULL);
    model_thread(write_it, NULL);
    model_join();
}

static void two_read_one_writes(void)
{
    model_thread(read_it, NULL);
    model_thread(read_it, NULL);
    model_thread(write_it, NULL);
    model_join();
}

/* ---- Mutex -------------------------------------------------------------------------------- */

static goc_mutex mutex;

static void lock_and_unlock(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    guarded++;
    goc_mutex_unlock(&mutex);
}

static void try_to_lock(void *unused)
{
    (void)unused;
    if (!goc_mutex_trylock(&mutex))
        return;
    guarded++;
    goc_mutex_unlock(&mutex);
}

static void one_locks_one_tries(void)
{
    model_thread(lock_and_unlock, NULL);
    model_thread(try_to_lock, NULL);
    model_join();
}

/* So long that whoever waits starves. */
static void lock_for_long(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    guarded++;
    goc__clock_sleep_until(goc__clock_now() + 2000000);
    goc_mutex_unlock(&mutex);
    goc_mutex_lock(&mutex);
    guarded++;
    goc_mutex_unlock(&mutex);
}

static void one_starves(void)
{
    model_thread(lock_for_long, NULL);
    model_thread(lock_and_unlock, NULL);
    model_join();
    MODEL_CHECK(guarded == 3);
}

static void two_starve(void)
{
    model_thread(lock_for_long, NULL);
    model_thread(lock_for_long, NULL);
    model_thread(lock_and_unlock, NULL);
    model_join();
    MODEL_CHECK(guarded == 5);
}

/* ---- WaitGroup ---------------------------------------------------------------------------- */

static goc_waitgroup group;
static int parts[2]; /* plain */

static void do_part(void *number)
{
    parts[(uintptr_t)number] = 1;
    goc_waitgroup_done(&group);
}

static void wait_for_part(void *unused)
{
    (void)unused;
    goc_waitgroup_wait(&group);
    MODEL_CHECK(parts[0] == 1);
}

static void one_part(void)
{
    goc_waitgroup_add(&group, 1);
    model_thread(do_part, (void *)0);
    model_thread(wait_for_part, NULL);
    model_join();
}

/* Whichever member of a bubble adds first makes the WaitGroup the bubble's. */
static uint32_t bubble[256]; /* of which only the number is looked at: all words are it */

static void add_as_a_member(void *unused)
{
    (void)unused;
    goc__self()->bubble = (struct bubble *)bubble;
    goc_waitgroup_add(&group, 1);
    goc_waitgroup_done(&group);
}

static void two_members_add(void)
{
    for (int i = 0; i < 256; i++)
        bubble[i] = 1;
    store_relaxed(&goc__synctest_bubbles, 1u);
    model_thread(add_as_a_member, NULL);
    model_thread(add_as_a_member, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&group.state) == 0);
}

/* ---- Pool --------------------------------------------------------------------------------- */

struct object {
    int users; /* plain: whoever has it */
};

static void *make(void)
{
    struct object *object = goc__model_malloc(sizeof *object);
    object->users = 0;
    return object;
}

static void drop(void *object)
{
    MODEL_CHECK(((struct object *)object)->users == 0);
    goc__model_free(object);
}

static goc_pool pool = GOC_POOL_INIT(make, drop);

static void get_and_put(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct object *object = goc_pool_get(&pool);
        MODEL_CHECK(object->users++ == 0);
        object->users--;
        goc_pool_put(&pool, object);
    }
}

static void trim(void *unused)
{
    (void)unused;
    goc_pool_trim(&pool);
    goc_pool_trim(&pool);
}

static void two_share_a_pool(void)
{
    model_thread(get_and_put, NULL);
    model_thread(get_and_put, NULL);
    model_join();
}

static void a_pool_is_trimmed(void)
{
    goc_pool_put(&pool, make());
    model_thread(get_and_put, NULL);
    model_thread(trim, NULL);
    model_join();
}

static void put_and_trim(void *unused)
{
    get_and_put(unused);
    goc_pool_trim(&pool);
}

static void two_trim(void)
{
    goc_pool_put(&pool, make());
    model_thread(put_and_trim, NULL);
    model_thread(put_and_trim, NULL);
    model_join();
}

static void a_first_put_is_trimmed(void)
{
    model_thread(get_and_put, NULL);
    model_thread(trim, NULL);
    model_join();
}

/* ---- singleflight ------------------------------------------------------------------------- */

static goc_singleflight flights;

static int results[3]; /* plain: each caller's, if it makes the call */

static int fly(void *result, void **value)
{
    *(int *)result = 1;
    *value = result;
    return 7;
}

static void call(const char *key, int *result)
{
    struct goc_flight_result r = goc_singleflight_do(&flights, key, fly, result);
    MODEL_CHECK(r.error == 7 && *(int *)r.value == 1);
}

/* The second call's flight lies where the first one's was. */
static void call_twice(void *unused)
{
    (void)unused;
    static int other_result;
    call("a", &results[0]);
    call("b", &other_result);
}

static void call_once(void *number)
{
    call("a", &results[(uintptr_t)number]);
}

static void a_call_is_shared(void)
{
    model_thread(call_twice, NULL);
    model_thread(call_once, (void *)1);
    model_join();
}

static void two_share_a_call(void)
{
    model_thread(call_twice, NULL);
    model_thread(call_once, (void *)1);
    model_thread(call_once, (void *)2);
    model_join();
}

int main(void)
{
    model_explore("rwmutex: one reads, one writes", one_reads_one_writes, 3, 2);
    model_explore("rwmutex: two write", two_write, 2, 1);
    model_explore("rwmutex: some try", some_try, 2, 1);
    model_explore("rwmutex: two read, one writes", two_read_one_writes, 2, 0);
    model_random("rwmutex: two read, one writes", two_read_one_writes, 5, 3000);
    model_explore("mutex: one tries", one_locks_one_tries, 3, 2);
    model_explore("mutex: one starves", one_starves, 2, 1);
    model_random("mutex: two starve", two_starve, 5, 2000);
    model_explore("waitgroup: one part", one_part, 2, 2);
    model_explore("waitgroup: two members add", two_members_add, 3, 2);
    model_explore("pool: a first put, trimmed", a_first_put_is_trimmed, 1, 1);
    model_explore("pool: two share", two_share_a_pool, 1, 1);
    model_explore("pool: trimmed", a_pool_is_trimmed, 1, 1);
    model_explore("pool: two trim", two_trim, 1, 1);
    model_random("pool: two trim", two_trim, 5, 3000);
    model_explore("singleflight: a call is shared", a_call_is_shared, 2, 1);
    model_random("singleflight: two share a call", two_share_a_call, 5, 5000);
}
