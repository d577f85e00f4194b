/* Biased mutexes (sync/bias.h): a thread that keeps locking one gets it reserved, and nothing
 * else changes for anybody. */
#include "base/atomic.h"
#include "counted.h"
#include "isolated.h"
#include "party.h"
#include "sync/bias.h"
#include "sync/mutex.h"

#include <errno.h>
#include <goc/sync.h>
#include <goc/time.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { TURNS = 20000, PARTIES = 8, MUTEXES = 40 };

static goc_mutex mutex;
static long counter; /* mutex */
static goc_waitgroup all;

static bool is_biased(goc_mutex *m)
{
    return load_relaxed(&m->state) & BIASED;
}

static void lock_often(goc_mutex *m, int times)
{
    for (int i = 0; i < times; i++) {
        goc_mutex_lock(m);
        counter++;
        goc_mutex_unlock(m);
    }
}

static void who_keeps_locking_it_has_it(void)
{
    lock_often(&mutex, BIAS_EVERY);
    CHECK(!is_biased(&mutex));
    lock_often(&mutex, 2);
    CHECK(is_biased(&mutex));
    lock_often(&mutex, TURNS);
    CHECK(is_biased(&mutex));
    CHECK_EQ(counter, BIAS_EVERY + 2 + TURNS);
}

static void bias(goc_mutex *m)
{
    goc_mutex_lock(m);
    goc__mutex_bias(m);
    goc_mutex_unlock(m);
    CHECK(is_biased(m));
}

static void trylock_says_no_of_a_biased_one(void)
{
    bias(&mutex);
    CHECK(goc_mutex_trylock(&mutex));
    CHECK(!goc_mutex_trylock(&mutex));
    goc_mutex_unlock(&mutex);
    CHECK(goc_mutex_trylock(&mutex));
    goc_mutex_unlock(&mutex);
}

static void unlock_of_unlocked_biased(void)
{
    bias(&mutex);
    goc_mutex_unlock(&mutex);
}

static void lock_twice_biased(void)
{
    bias(&mutex);
    goc_mutex_lock(&mutex);
    goc_mutex_lock(&mutex);
}

static void *lock_once(void *unused)
{
    (void)unused;
    lock_often(&mutex, 1);
    return NULL;
}

static void another_thread_takes_it_over(void)
{
    bias(&mutex);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, lock_once, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(!is_biased(&mutex));
    lock_often(&mutex, 10);
    CHECK_EQ(counter, 11);
}

static void *unlock_it(void *unused)
{
    (void)unused;
    counter++;
    goc_mutex_unlock(&mutex);
    return NULL;
}

static void another_thread_unlocks_it(void)
{
    bias(&mutex);
    goc_mutex_lock(&mutex);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, unlock_it, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(!is_biased(&mutex));
    lock_often(&mutex, 10);
    CHECK_EQ(counter, 11);
}

/* A goroutine that holds it parks; it may go on, and unlock, anywhere. */
static void hold_and_yield(void *unused)
{
    (void)unused;
    for (int i = 0; i < TURNS / 20; i++) {
        goc_mutex_lock(&mutex);
        long seen = counter;
        if (i % 50 == 0)
            goc_sleep(GOC_MICROSECOND); /* tidy: sleep, because it parks with the mutex */
        else if (i % 7 == 0)
            goc_yield();
        counter = seen + 1;
        goc_mutex_unlock(&mutex);
    }
    goc_waitgroup_done(&all);
}

static void held_across_a_park(void)
{
    bias(&mutex);
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(hold_and_yield, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(counter, PARTIES * (TURNS / 20));
}

/* Each has its mutex for a while, and then all go on to the next one's. */
static struct cell {
    goc_mutex mutex;
    long count; /* mutex */
    char apart[112];
} cells[PARTIES];

static void go_round(void *first)
{
    for (uintptr_t step = 0; step < (uintptr_t)2 * PARTIES; step++) {
        struct cell *cell = &cells[((uintptr_t)first + step) % PARTIES];
        for (int i = 0; i < TURNS / 5; i++) {
            goc_mutex_lock(&cell->mutex);
            if (i % 1000 == 0)
                goc__mutex_bias(&cell->mutex); /* more than a program would get */
            cell->count++;
            goc_mutex_unlock(&cell->mutex);
        }
    }
    goc_waitgroup_done(&all);
}

static void biases_that_are_revoked(void)
{
    pthread_t threads[PARTIES / 2];
    goc_waitgroup_add(&all, PARTIES);
    for (uintptr_t i = 0; i < PARTIES / 2; i++) {
        threads[i] = party_thread(go_round, (void *)i);
        party_go(go_round, (void *)(i + PARTIES / 2));
    }
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES / 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < PARTIES; i++)
        CHECK_EQ(cells[i].count, 2 * PARTIES * (TURNS / 5));
}

/* A bias for M, as soon as there may be one: the first of a thread at once, another one later. */
static void bias_in_time(goc_mutex *m)
{
    while (!is_biased(m)) {
        goc_mutex_lock(m);
        goc__mutex_bias(m);
        goc_mutex_unlock(m);
    }
}

static goc_mutex many[MUTEXES];

/* More mutexes than slots: the thread uses them again, and a word that is left over means
 * nothing. */
static void more_mutexes_than_slots(void)
{
    for (int i = 0; i < MUTEXES; i++)
        bias_in_time(&many[i]);
    for (int i = 0; i < MUTEXES; i++)
        lock_often(&many[i], 3);
    for (int i = 0; i < MUTEXES; i++) {
        CHECK(goc_mutex_trylock(&many[i]));
        CHECK(!goc_mutex_trylock(&many[i]));
    }
    CHECK_EQ(counter, 3 * MUTEXES);
}

static void *try_it(void *unused)
{
    (void)unused;
    CHECK(!goc_mutex_trylock(&mutex));
    return NULL;
}

/* But not the slot of one that is held. */
static void a_held_one_keeps_its_slot(void)
{
    bias(&mutex);
    goc_mutex_lock(&mutex);
    for (int i = 0; i < MUTEXES; i++)
        bias_in_time(&many[i]);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, try_it, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    goc_mutex_unlock(&mutex);
    CHECK(goc_mutex_trylock(&mutex));
}

/* Forgotten while it is biased, and its memory used for another one. */
static void memory_used_again(void)
{
    for (int i = 0; i < 100; i++) {
        memset(&mutex, 0, sizeof mutex);
        lock_often(&mutex, 2 * BIAS_EVERY);
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, lock_once, NULL), 0);
        CHECK_EQ(pthread_join(thread, NULL), 0);
    }
    CHECK_EQ(counter, 100 * (2 * BIAS_EVERY + 1));
}

/* A child has the mutex that its thread had in the parent, and can revoke what others had. */
static void forked_child(void)
{
    bias(&mutex);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        lock_often(&mutex, 5);
        CHECK(goc_mutex_trylock(&mutex));
        CHECK(!goc_mutex_trylock(&mutex)); /* a revocation */
        _exit(counter == 5 ? 0 : 1);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    lock_often(&mutex, 5);
    CHECK_EQ(counter, 5);
}

/* Where the kernel has no membarrier, as if it were an old one. */
static void without_membarrier(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
    lock_often(&mutex, 3 * BIAS_EVERY);
    goc_mutex_lock(&mutex);
    goc__mutex_bias(&mutex);
    goc_mutex_unlock(&mutex);
    CHECK(!is_biased(&mutex));
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(hold_and_yield, NULL);
    goc_waitgroup_wait(&all);
    CHECK(!is_biased(&mutex));
    CHECK_EQ(counter, 3 * BIAS_EVERY + PARTIES * (TURNS / 20));
}

/* Threads that end leave their biases to nobody, or to a later one. */
static void *keep_locking(void *biases)
{
    goc_yield(); /* the runtime knows it now */
    lock_often(&mutex, 2 * BIAS_EVERY);
    *(int *)biases += is_biased(&mutex);
    return NULL;
}

static void threads_that_end(void)
{
    int biases = 0;
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, keep_locking, &biases), 0);
        CHECK_EQ(pthread_join(thread, NULL), 0);
        lock_often(&mutex, 1);
    }
    CHECK(biases > 0);
    CHECK_EQ(counter, 200 * (2 * BIAS_EVERY + 1));
}

/* It was biased to one of those that unlock. */
static void the_last_one_frees_it(void)
{
    for (int i = 0; i < 1000; i++) {
        struct counted *object = counted_new(3, &all);
        goc_mutex_lock(&object->mutex);
        goc__mutex_bias(&object->mutex);
        goc_mutex_unlock(&object->mutex);
        for (int party = 0; party < 2; party++)
            party_go(counted_let_go, object);
        counted_let_go(object);
        goc_waitgroup_wait(&all);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(who_keeps_locking_it_has_it),
    ISOLATED(trylock_says_no_of_a_biased_one),
    ISOLATED_PANIC(unlock_of_unlocked_biased,
                   "fatal error: sync: unlock of unlocked mutex"),
    ISOLATED_PANIC(lock_twice_biased, "goroutine 1 [sync.Mutex.Lock]"),
    ISOLATED(another_thread_takes_it_over),
    ISOLATED(another_thread_unlocks_it),
    ISOLATED(held_across_a_park),
    ISOLATED(biases_that_are_revoked),
    ISOLATED(more_mutexes_than_slots),
    ISOLATED(a_held_one_keeps_its_slot),
    ISOLATED(memory_used_again),
    ISOLATED(forked_child),
    ISOLATED(without_membarrier),
    ISOLATED(threads_that_end),
    ISOLATED(the_last_one_frees_it),
};

ISOLATED_MAIN(cases)
