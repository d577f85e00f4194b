// SQLite with one lock taken away: the mutex of the connection, the only one that it makes
// of kind SQLITE_MUTEX_RECURSIVE, no longer locks.  Two threads share that connection, the
// second strictly after the first in time, ordered by nothing that a detector knows: the
// rows are right, and the race is there for a detector to see.
//
// CHECK: unlocked connection: 50 rows, whole
// CHECK: WARNING: DATA RACE
// CHECK: {{sqlite3\.c}}
#include "sqlite_workload.h"

enum { ROWS = 25 };

static sqlite3_mutex_methods real;
static sqlite3_mutex
    *unlocked[8]; /* the recursive mutexes, written before the threads start */
static int unlocked_count;
static struct barrier first_done;
static sqlite3 *db;

static sqlite3_mutex *wrapper_alloc(int kind)
{
    sqlite3_mutex *mutex = real.xMutexAlloc(kind);
    if (kind == SQLITE_MUTEX_RECURSIVE) {
        CHECK(unlocked_count < (int)(sizeof unlocked / sizeof *unlocked));
        unlocked[unlocked_count++] = mutex;
    }
    return mutex;
}

static int is_unlocked(const sqlite3_mutex *mutex)
{
    for (int i = 0; i < unlocked_count; i++)
        if (unlocked[i] == mutex)
            return 1;
    return 0;
}

static void wrapper_enter(sqlite3_mutex *mutex)
{
    if (!is_unlocked(mutex))
        real.xMutexEnter(mutex);
}

static void wrapper_leave(sqlite3_mutex *mutex)
{
    if (!is_unlocked(mutex))
        real.xMutexLeave(mutex);
}

static void *insert_first(void *unused)
{
    (void)unused;
    workload_insert(db, 0, ROWS);
    barrier_arrive(&first_done);
    return NULL;
}

static void *insert_second(void *unused)
{
    (void)unused;
    barrier_await(&first_done, 1);
    workload_insert(db, ROWS, ROWS);
    return NULL;
}

/* Put the wrapper between SQLite and its own mutexes.  SQLite chooses those when it is first
 * initialised, and can be configured only while it is not. */
static void remove_lock(void)
{
    CHECK_EQ(sqlite3_initialize(), SQLITE_OK);
    CHECK_EQ(sqlite3_shutdown(), SQLITE_OK);
    CHECK_EQ(sqlite3_config(SQLITE_CONFIG_GETMUTEX, &real), SQLITE_OK);
    sqlite3_mutex_methods wrapper = real;
    wrapper.xMutexAlloc = wrapper_alloc;
    wrapper.xMutexEnter = wrapper_enter;
    wrapper.xMutexLeave = wrapper_leave;
    CHECK_EQ(sqlite3_config(SQLITE_CONFIG_MUTEX, &wrapper), SQLITE_OK);
}

int main(void)
{
    remove_lock();
    db = workload_create(":memory:");
    pthread_t first;
    pthread_t second;
    CHECK_EQ(pthread_create(&first, NULL, insert_first, NULL), 0);
    CHECK_EQ(pthread_create(&second, NULL, insert_second, NULL), 0);
    CHECK_EQ(pthread_join(first, NULL), 0);
    CHECK_EQ(pthread_join(second, NULL), 0);
    workload_verify(db, 2 * ROWS);
    printf("unlocked connection: %d rows, whole\n", 2 * ROWS);
    fflush(stdout);
    return 0;
}
