/* SQLite under threads: what norace_sqlite.c and race_sqlite_unlocked.c share.
 *
 * Threads insert rows into one table and read them back; the sum over the table tells
 * whether any was lost.  Every function ends the process through CHECK when SQLite fails.
 */
#ifndef TESTS_REAL_SQLITE_WORKLOAD_H
#define TESTS_REAL_SQLITE_WORKLOAD_H

#include "barrier.h"
#include "check.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* A new database in FILE with the empty table. */
static inline sqlite3 *workload_create(const char *file)
{
    sqlite3 *db;
    remove(file);
    CHECK_EQ(sqlite3_open(file, &db), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(db,
                          "CREATE TABLE item(id INTEGER PRIMARY KEY, value INT, text)",
                          NULL, NULL, NULL),
             SQLITE_OK);
    return db;
}

/* Insert values FIRST … FIRST + COUNT - 1 through DB, one transaction each. */
static inline void workload_insert(sqlite3 *db, int first, int count)
{
    sqlite3_stmt *insert;
    const char *sql = "INSERT INTO item(value, text) VALUES(?1, 'item ' || ?1)";
    CHECK_EQ(sqlite3_prepare_v2(db, sql, -1, &insert, NULL), SQLITE_OK);
    for (int value = first; value < first + count; value++) {
        CHECK_EQ(sqlite3_bind_int(insert, 1, value), SQLITE_OK);
        CHECK_EQ(sqlite3_step(insert), SQLITE_DONE);
        CHECK_EQ(sqlite3_reset(insert), SQLITE_OK);
    }
    CHECK_EQ(sqlite3_finalize(insert), SQLITE_OK);
}

/* The one number that SQL, a query of one column and row, gives. */
static inline int64_t workload_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *query;
    CHECK_EQ(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_step(query), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(query, 0);
    CHECK_EQ(sqlite3_finalize(query), SQLITE_OK);
    return number;
}

/* The table holds exactly the values 0 … COUNT - 1, each with its text, and is whole. */
static inline void workload_verify(sqlite3 *db, int count)
{
    CHECK_EQ(workload_number(db, "SELECT count(*) FROM item"), count);
    CHECK_EQ(workload_number(db, "SELECT count(DISTINCT value) FROM item"), count);
    CHECK_EQ(workload_number(db, "SELECT sum(value) FROM item"),
             (int64_t)count * (count - 1) / 2);
    CHECK_EQ(
        workload_number(db, "SELECT count(*) FROM item WHERE text = 'item ' || value"),
        count);
    CHECK_EQ(workload_number(db, "SELECT count(*) FROM pragma_integrity_check "
                                 "WHERE integrity_check = 'ok'"),
             1);
}

#endif
