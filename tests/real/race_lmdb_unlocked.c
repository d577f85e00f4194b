// LMDB with MDB_NOLOCK, and the lock that it then asks the program for left out.  The second
// thread writes strictly after the first in time, ordered by nothing that a detector knows:
// the entries are right, and the race is there for a detector to see.
//
// CHECK: 2 writers: 20 entries, all right
// CHECK: WARNING: DATA RACE
// CHECK: {{mdb\.c}}
#include "barrier.h"
#include "lmdb_workload.h"

#include <pthread.h>

enum { BATCH = 10 };

static MDB_env *env;
static MDB_dbi dbi;
static struct barrier first_done;

static void *write_first(void *unused)
{
    (void)unused;
    workload_put(env, dbi, 0, BATCH);
    barrier_arrive(&first_done);
    return NULL;
}

static void *write_second(void *unused)
{
    (void)unused;
    barrier_await(&first_done, 1);
    workload_put(env, dbi, BATCH, BATCH);
    return NULL;
}

int main(void)
{
    pthread_t first;
    pthread_t second;
    env = workload_create("race_lmdb_unlocked.mdb", MDB_NOLOCK, &dbi);
    CHECK_EQ(pthread_create(&first, NULL, write_first, NULL), 0);
    CHECK_EQ(pthread_create(&second, NULL, write_second, NULL), 0);
    CHECK_EQ(pthread_join(first, NULL), 0);
    CHECK_EQ(pthread_join(second, NULL), 0);
    unsigned entries = workload_scan(env, dbi);
    CHECK_EQ(entries, 2 * BATCH);
    mdb_env_close(env);
    printf("2 writers: %u entries, all right\n", entries);
    fflush(stdout);
    return 0;
}
