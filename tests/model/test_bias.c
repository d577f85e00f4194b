/* sync/bias.h: a mutex that is biased to a thread excludes, hands over what was written under it,
 * and is not touched once it is free; so does an rwmutex that is biased to a reader. */
#include "base/atomic.h"
#include "model.h"
#include "sched/gmp.h"
#include "sync/bias.h"
#include "sync/mutex.h"
#include "sync/rwmutex.h"
#include "sync/sema.h"

#include <goc/sync.h>

void *goc__model_malloc(size_t size);
void goc__model_free(void *p);

struct counted {
    goc_mutex mutex;
    int references; /* mutex; plain */
};

static goc_mutex mutex;
static goc_mutex other_mutex;
static int guarded; /* mutex; plain */
static uint32_t handed;
static uint32_t holders; /* atomic, relaxed */
static uint32_t others;  /* atomic, relaxed: who has begun beside the owner */
static struct counted *object;

static void count(void)
{
    goc_mutex_lock(&mutex);
    MODEL_CHECK(fetch_add_relaxed(&holders, 1u) == 0);
    guarded++;
    fetch_sub_relaxed(&holders, 1u);
    goc_mutex_unlock(&mutex);
}

/* The calling thread gets a bias for M, whatever the time.  By itself: what is asked is what
 * follows. */
static void bias(goc_mutex *m)
{
    model_quiet(true);
    goc_mutex_lock(m);
    goc__mutex_bias(m);
    goc_mutex_unlock(m);
    MODEL_CHECK(load_relaxed(&others) != 0 || (load_relaxed(&m->state) & BIASED));
    model_quiet(false);
}

static void own(void *times)
{
    bias(&mutex);
    for (uintptr_t i = 0; i < (uintptr_t)times; i++)
        count();
}

static void come(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    count();
}

static void all_counted(int count)
{
    model_join();
    MODEL_CHECK(guarded == count);
    MODEL_CHECK(goc__mutex_trylock(&mutex));
}

static void owner_and_other(void)
{
    model_thread(own, (void *)1);
    model_thread(come, NULL);
    all_counted(2);
}

static void owner_again_and_other(void)
{
    model_thread(own, (void *)2);
    model_thread(come, NULL);
    all_counted(3);
}

static void owner_and_two_others(void)
{
    model_thread(own, (void *)2);
    model_thread(come, NULL);
    model_thread(come, NULL);
    all_counted(4);
}

static void try(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    if (goc_mutex_trylock(&mutex)) {
        MODEL_CHECK(fetch_add_relaxed(&holders, 1u) == 0);
        guarded++;
        fetch_sub_relaxed(&holders, 1u);
        goc_mutex_unlock(&mutex);
    }
}

static void owner_and_trier(void)
{
    model_thread(own, (void *)1);
    model_thread(try, NULL);
    model_join();
    MODEL_CHECK(guarded == 1 || guarded == 2);
}

/* Locked by its thread and unlocked by another one, while a third wants it. */
static void lock_and_hand(void *unused)
{
    (void)unused;
    bias(&mutex);
    goc_mutex_lock(&mutex);
    guarded++;
    goc__sema_release(&handed);
    count();
}

static void take_and_unlock(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    goc__sema_acquire(&handed, false, WAIT_SEMACQUIRE, NULL);
    guarded++;
    goc_mutex_unlock(&mutex);
}

static void unlocked_elsewhere(void)
{
    model_thread(lock_and_hand, NULL);
    model_thread(take_and_unlock, NULL);
    all_counted(3);
}

static void unlocked_elsewhere_and_wanted(void)
{
    model_thread(lock_and_hand, NULL);
    model_thread(take_and_unlock, NULL);
    model_thread(come, NULL);
    all_counted(4);
}

/* The last one frees it, while the one before may be in its unlock. */
static void let_go(void)
{
    goc_mutex_lock(&object->mutex);
    bool last = --object->references == 0;
    goc_mutex_unlock(&object->mutex);
    if (last)
        goc__model_free(object);
}

static void let_go_as_owner(void *unused)
{
    (void)unused;
    bias(&object->mutex);
    let_go();
}

static void let_go_as_other(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    let_go();
}

static void the_last_one_frees(void)
{
    object = goc__model_malloc(sizeof *object);
    object->references = 2;
    model_thread(let_go_as_owner, NULL);
    model_thread(let_go_as_other, NULL);
    model_join();
}

/* The owner uses the slot again for another mutex: the first one's word means nothing then. */
static void own_two(void *unused)
{
    (void)unused;
    bias(&mutex);
    model_quiet(true);
    struct bias *mine = goc__m()->bias;
    goc__lock(&mine->lock);
    for (int i = 0; i < BIAS_SLOTS; i++)
        if (load_relaxed(&mine->slots[i].object) == NULL)
            store_relaxed(&mine->slots[i].object, (const void *)mine);
    mine->not_before = 0;
    goc__unlock(&mine->lock);
    model_quiet(false);
    goc_mutex_lock(&other_mutex);
    goc__mutex_bias(&other_mutex); /* or the other one has revoked, and slowed us down */
    count();
    goc_mutex_unlock(&other_mutex);
}

static void slot_used_again(void)
{
    model_thread(own_two, NULL);
    model_thread(come, NULL);
    all_counted(2);
}

static goc_rwmutex rwmutex;

/* As bias. */
static void bias_reader(void)
{
    model_quiet(true);
    goc_rwmutex_rlock(&rwmutex);
    goc__rwmutex_bias(&rwmutex);
    goc_rwmutex_runlock(&rwmutex);
    MODEL_CHECK(load_relaxed(&others) != 0 || load_relaxed(&rwmutex.reader_bias) != 0);
    model_quiet(false);
}

static void read_once(void)
{
    goc_rwmutex_rlock(&rwmutex);
    MODEL_CHECK(guarded == 0 || guarded == 2);
    goc_rwmutex_runlock(&rwmutex);
}

static void read_as_owner(void *times)
{
    bias_reader();
    for (uintptr_t i = 0; i < (uintptr_t)times; i++)
        read_once();
}

static void read_as_other(void *unused)
{
    (void)unused;
    read_once();
}

static void write_twice(void)
{
    guarded++;
    fetch_add_relaxed(&holders, 1u); /* a switch */
    guarded++;
    goc_rwmutex_unlock(&rwmutex);
}

static void write(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    goc_rwmutex_lock(&rwmutex);
    write_twice();
}

static void try_to_write(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    if (goc_rwmutex_trylock(&rwmutex))
        write_twice();
}

static void nobody_is_left(void)
{
    model_join();
    MODEL_CHECK(goc_rwmutex_trylock(&rwmutex));
}

static void reader_and_writer(void)
{
    model_thread(read_as_owner, (void *)1);
    model_thread(write, NULL);
    nobody_is_left();
    MODEL_CHECK(guarded == 2);
}

static void reader_and_trier(void)
{
    model_thread(read_as_owner, (void *)2);
    model_thread(try_to_write, NULL);
    nobody_is_left();
}

static void two_readers_and_writer(void)
{
    model_thread(read_as_owner, (void *)2);
    model_thread(read_as_other, NULL);
    model_thread(write, NULL);
    nobody_is_left();
}

/* Two read; each lets go of it for the other, where the bias does not count. */
static void read_and_hand(void *unused)
{
    (void)unused;
    bias_reader();
    goc_rwmutex_rlock(&rwmutex);
    MODEL_CHECK(guarded == 0 || guarded == 2);
    goc__sema_release(&handed);
    read_once();
}

static void take_and_runlock(void *unused)
{
    (void)unused;
    fetch_add_relaxed(&others, 1u);
    goc__sema_acquire(&handed, false, WAIT_SEMACQUIRE, NULL);
    MODEL_CHECK(guarded == 0 || guarded == 2);
    goc_rwmutex_runlock(&rwmutex);
}

static void read_unlocked_elsewhere(void)
{
    model_thread(read_and_hand, NULL);
    model_thread(take_and_runlock, NULL);
    nobody_is_left();
}

static void read_unlocked_elsewhere_and_written(void)
{
    model_thread(read_and_hand, NULL);
    model_thread(take_and_runlock, NULL);
    model_thread(try_to_write, NULL);
    nobody_is_left();
}

int main(void)
{
    model_explore("bias: owner and other", owner_and_other, 2, 2);
    model_explore("bias: owner again and other", owner_again_and_other, 2, 1);
    model_explore("bias: the last one frees", the_last_one_frees, 2, 1);
    model_explore("bias: unlocked elsewhere", unlocked_elsewhere, 1, 2);
    model_explore("bias: owner and trier", owner_and_trier, 2, 2);
    model_explore("bias: slot used again", slot_used_again, 1, 2);
    model_explore("bias: reader and writer", reader_and_writer, 2, 1);
    model_explore("bias: reader and trier", reader_and_trier, 2, 1);
    model_explore("bias: read unlocked elsewhere", read_unlocked_elsewhere, 1, 1);
    model_random("bias: two readers and writer", two_readers_and_writer, 5, 3000);
    model_random("bias: read unlocked elsewhere and written",
                 read_unlocked_elsewhere_and_written, 5, 3000);
    model_random("bias: owner and two others", owner_and_two_others, 5, 3000);
    model_random("bias: unlocked elsewhere and wanted", unlocked_elsewhere_and_wanted, 5,
                 3000);
}
