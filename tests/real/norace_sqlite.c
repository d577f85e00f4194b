// SQLite with its own locks, used by threads in the two ways that it documents as safe:
// one connection shared by all (serialized mode), and a connection each on one file.
// No report, and not a row lost.
//
// CHECK: shared connection: 160 rows, whole
// CHECK: own connections: 160 rows, whole
#include "sqlite_workload.h"

enum { THREADS = 4, ROWS = 40, BUSY_MS = 20000 };

struct worker {
    pthread_t thread;
    sqlite3 *db;      /* shared, or NULL: open one's own on FILE */
    const char *file; /* where DB is NULL */
    int first;        /* the first of ROWS values to insert */
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    sqlite3 *db = worker->db;
    if (db == NULL) {
        CHECK_EQ(sqlite3_open(worker->file, &db), SQLITE_OK);
        CHECK_EQ(sqlite3_busy_timeout(db, BUSY_MS), SQLITE_OK);
    }
    for (int done = 0; done < ROWS; done += ROWS / 4) {
        workload_insert(db, worker->first + done, ROWS / 4);
        CHECK(workload_number(db, "SELECT count(*) FROM item") >= done + ROWS / 4);
    }
    if (worker->db == NULL)
        CHECK_EQ(sqlite3_close(db), SQLITE_OK);
    return NULL;
}

/* Run THREADS workers on DB, or on connections of their own to FILE. */
static void run(sqlite3 *db, const char *file)
{
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.db = db, .file = file, .first = i * ROWS};
        CHECK_EQ(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(workers[i].thread, NULL), 0);
}

int main(void)
{
    CHECK(sqlite3_threadsafe() != 0);

    sqlite3 *db = workload_create(":memory:");
    run(db, NULL);
    workload_verify(db, THREADS * ROWS);
    CHECK_EQ(sqlite3_close(db), SQLITE_OK);
    printf("shared connection: %d rows, whole\n", THREADS * ROWS);

    const char *file = "norace_sqlite.db";
    db = workload_create(file);
    CHECK_EQ(sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL), SQLITE_OK);
    run(NULL, file);
    workload_verify(db, THREADS * ROWS);
    CHECK_EQ(sqlite3_close(db), SQLITE_OK);
    printf("own connections: %d rows, whole\n", THREADS * ROWS);
    return 0;
}
