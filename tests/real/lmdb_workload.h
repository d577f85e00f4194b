/* LMDB under threads: what norace_lmdb.c and race_lmdb_unlocked.c share.
 *
 * Keys are integers, the value of key k is 3k + 1; so every read can be verified.  Every
 * function ends the process through CHECK when LMDB fails.
 */
#ifndef TESTS_REAL_LMDB_WORKLOAD_H
#define TESTS_REAL_LMDB_WORKLOAD_H

#include "check.h"

#include <lmdb.h>
#include <stdio.h>

enum { WORKLOAD_MAP_BYTES = 16 << 20, WORKLOAD_FILE_MODE = 0600 };

/* A new environment in FILE, opened with FLAGS, and its only database in DBI. */
static inline MDB_env *workload_create(const char *file, unsigned flags, MDB_dbi *dbi)
{
    MDB_env *env;
    MDB_txn *txn;
    remove(file);
    CHECK_EQ(mdb_env_create(&env), 0);
    CHECK_EQ(mdb_env_set_mapsize(env, WORKLOAD_MAP_BYTES), 0);
    CHECK_EQ(
        mdb_env_open(env, file, flags | MDB_NOSUBDIR | MDB_NOSYNC, WORKLOAD_FILE_MODE),
        0);
    CHECK_EQ(mdb_txn_begin(env, NULL, 0, &txn), 0);
    CHECK_EQ(mdb_dbi_open(txn, NULL, MDB_INTEGERKEY, dbi), 0);
    CHECK_EQ(mdb_txn_commit(txn), 0);
    return env;
}

/* Put keys FIRST … FIRST + COUNT - 1 in one transaction. */
static inline void workload_put(MDB_env *env, MDB_dbi dbi, unsigned first, unsigned count)
{
    MDB_txn *txn;
    CHECK_EQ(mdb_txn_begin(env, NULL, 0, &txn), 0);
    for (unsigned number = first; number < first + count; number++) {
        unsigned content = 3 * number + 1;
        MDB_val key = {sizeof number, &number};
        MDB_val value = {sizeof content, &content};
        CHECK_EQ(mdb_put(txn, dbi, &key, &value, MDB_NOOVERWRITE), 0);
    }
    CHECK_EQ(mdb_txn_commit(txn), 0);
}

/* How many entries one read transaction sees, each of them verified. */
static inline unsigned workload_scan(MDB_env *env, MDB_dbi dbi)
{
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    unsigned seen = 0;
    CHECK_EQ(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
    CHECK_EQ(mdb_cursor_open(txn, dbi, &cursor), 0);
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        unsigned number;
        unsigned content;
        CHECK_EQ(key.mv_size, sizeof number);
        CHECK_EQ(value.mv_size, sizeof content);
        memcpy(&number, key.mv_data, sizeof number);
        memcpy(&content, value.mv_data, sizeof content);
        CHECK_EQ(content, 3 * number + 1);
        seen++;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return seen;
}

#endif
