/* Pool: what is put is got, trim drops what nobody asks for, nothing is given twice. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/pool.h>
#include <goc/sync.h>

static uint32_t made;    // atomic
static uint32_t dropped; // atomic

struct object {
    uint32_t owners; // atomic
};

static void *make(void)
{
    fetch_add_relaxed(&made, 1);
    void *object = calloc(1, sizeof(struct object));
    CHECK(object != NULL);
    return object;
}

static void drop(void *object)
{
    fetch_add_relaxed(&dropped, 1);
    free(object);
}

static goc_pool pool = GOC_POOL_INIT(make, drop);
static goc_waitgroup all;

static void put_is_got(void)
{
    goc_maxprocs(1);
    int a;
    int b;
    goc_pool plain = {0};
    CHECK(goc_pool_get(&plain) == NULL);
    goc_pool_put(&plain, NULL);
    goc_pool_put(&plain, &a);
    goc_pool_put(&plain, &b);
    CHECK(goc_pool_get(&plain) == &a); /* at hand */
    CHECK(goc_pool_get(&plain) == &b);
    CHECK(goc_pool_get(&plain) == NULL);
    goc_pool_free(&plain);
}

static void many_at_once(void)
{
    enum { COUNT = 1000 };
    static int objects[COUNT];
    goc_pool plain = {0};
    for (int i = 0; i < COUNT; i++)
        goc_pool_put(&plain, &objects[i]);
    for (int i = 0; i < COUNT; i++) {
        int *object = goc_pool_get(&plain);
        CHECK(object >= objects && object < objects + COUNT);
        CHECK_EQ(*object, 0);
        *object = 1;
    }
    CHECK(goc_pool_get(&plain) == NULL);
    goc_pool_free(&plain);
}

static void an_empty_pool_makes(void)
{
    void *object = goc_pool_get(&pool);
    CHECK_EQ(made, 1);
    goc_pool_put(&pool, object);
    CHECK(goc_pool_get(&pool) == object);
    CHECK_EQ(made, 1);
    goc_pool_put(&pool, object);
    goc_pool_free(&pool);
    CHECK_EQ(dropped, 1);
    goc_pool_free(&pool);
}

static void put_some(int count)
{
    void *objects[40];
    for (int i = 0; i < count; i++)
        objects[i] = goc_pool_get(&pool);
    for (int i = 0; i < count; i++)
        goc_pool_put(&pool, objects[i]);
}

static void trim_drops_at_the_second_time(void)
{
    goc_pool_trim(&pool); /* nothing there yet */
    put_some(40);
    goc_pool_trim(&pool);
    CHECK_EQ(dropped, 0);
    put_some(10); /* victims, used again */
    CHECK_EQ(made, 40);
    goc_pool_trim(&pool);
    CHECK_EQ(dropped, 30);
    goc_pool_trim(&pool);
    CHECK_EQ(dropped, 40);
    put_some(1);
    CHECK_EQ(made, 41);
    goc_pool_free(&pool);
    CHECK_EQ(dropped, 41);
}

static void use(void *argument)
{
    (void)argument;
    for (int i = 0; i < 2000; i++) {
        struct object *first = goc_pool_get(&pool);
        struct object *second = goc_pool_get(&pool);
        CHECK(first != second);
        CHECK_EQ(fetch_add_relaxed(&first->owners, 1), 0);
        CHECK_EQ(fetch_add_relaxed(&second->owners, 1), 0);
        if (i % 16 == 0)
            goc_yield();
        fetch_sub_relaxed(&first->owners, 1);
        fetch_sub_relaxed(&second->owners, 1);
        goc_pool_put(&pool, first);
        goc_pool_put(&pool, second);
        if (i % 500 == 0)
            goc_pool_trim(&pool);
    }
    goc_waitgroup_done(&all);
}

static void nothing_is_given_twice(void)
{
    goc_waitgroup_add(&all, 10);
    for (int i = 0; i < 8; i++)
        party_go(use, NULL);
    pthread_t threads[2] = {party_thread(use, NULL), party_thread(use, NULL)};
    goc_waitgroup_wait(&all);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    goc_pool_free(&pool);
    CHECK_EQ(made, dropped);
}

static void more_ps_than_at_first(void)
{
    goc_maxprocs(1);
    put_some(1);
    goc_maxprocs(8);
    nothing_is_given_twice();
}

static const struct isolated_case cases[] = {
    ISOLATED(put_is_got),
    ISOLATED(many_at_once),
    ISOLATED(an_empty_pool_makes),
    ISOLATED(trim_drops_at_the_second_time),
    ISOLATED(nothing_is_given_twice),
    ISOLATED(more_ps_than_at_first),
};

ISOLATED_MAIN(cases)
