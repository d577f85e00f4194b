// LMDB with MDB_NOLOCK, where its documentation asks the program for the lock: writers take a
// read-write lock alone, readers share it.  (LMDB's own locking reads transaction ids and
// flags outside its mutexes, which its comments know of: under C11 those are races.)
// No report, every entry there, every value right.
//
// CHECK: 4 writers, 4 readers: 400 entries, all right
#include "lmdb_workload.h"

#include <pthread.h>

enum { WRITERS = 4, READERS = 4, BATCHES = 10, BATCH = 10, SCANS = 20 };

static MDB_env *env;
static MDB_dbi dbi;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *write_entries(void *argument)
{
    unsigned first = *(unsigned *)argument;
    for (unsigned batch = 0; batch < BATCHES; batch++) {
        CHECK_EQ(pthread_rwlock_wrlock(&lock), 0);
        workload_put(env, dbi, first + batch * BATCH, BATCH);
        CHECK_EQ(pthread_rwlock_unlock(&lock), 0);
    }
    return NULL;
}

static void *read_entries(void *unused)
{
    (void)unused;
    unsigned before = 0;
    for (int scan = 0; scan < SCANS; scan++) {
        CHECK_EQ(pthread_rwlock_rdlock(&lock), 0);
        unsigned now = workload_scan(env, dbi);
        CHECK_EQ(pthread_rwlock_unlock(&lock), 0);
        CHECK_EQ(now % BATCH, 0);
        CHECK(now >= before);
        before = now;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[WRITERS + READERS];
    unsigned first[WRITERS];
    env = workload_create("norace_lmdb.mdb", MDB_NOLOCK, &dbi);
    for (unsigned i = 0; i < WRITERS; i++) {
        first[i] = i * BATCHES * BATCH;
        CHECK_EQ(pthread_create(&threads[i], NULL, write_entries, &first[i]), 0);
    }
    for (int i = WRITERS; i < WRITERS + READERS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, read_entries, NULL), 0);
    for (int i = 0; i < WRITERS + READERS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);

    unsigned entries = workload_scan(env, dbi);
    CHECK_EQ(entries, WRITERS * BATCHES * BATCH);
    mdb_env_close(env);
    printf("%d writers, %d readers: %u entries, all right\n", WRITERS, READERS, entries);
    return 0;
}
