/* LMDB: keys written in random order in transactions of a thousand, then each read. */
#include "bench.h"

#include <lmdb.h>

enum { TRANSACTION = 1000, MAP_BYTES = 256 << 20, FILE_MODE = 0600 };

static void must(int status)
{
    if (status != 0) {
        fprintf(stderr, "%s\n", mdb_strerror(status));
        abort();
    }
}

/* An odd factor: every I below 2^32 gives another key. */
static uint32_t key_of(uint32_t i)
{
    return i * 2654435761u;
}

static void write_keys(MDB_env *env, MDB_dbi dbi, uint32_t first, uint32_t count)
{
    MDB_txn *txn;
    must(mdb_txn_begin(env, NULL, 0, &txn));
    for (uint32_t i = first; i < first + count; i++) {
        uint32_t number = key_of(i);
        uint64_t content[4] = {i, number, 3, 4};
        MDB_val key = {sizeof number, &number};
        MDB_val value = {sizeof content, content};
        must(mdb_put(txn, dbi, &key, &value, 0));
    }
    must(mdb_txn_commit(txn));
}

static void read_keys(MDB_env *env, MDB_dbi dbi, uint32_t count)
{
    MDB_txn *txn;
    must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = key_of(i);
        MDB_val key = {sizeof number, &number};
        MDB_val value;
        must(mdb_get(txn, dbi, &key, &value));
        if (*(uint64_t *)value.mv_data != i)
            abort();
    }
    mdb_txn_abort(txn);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: lmdb FILE [KEYS]\n");
        return 2;
    }
    uint32_t count = (uint32_t)bench_argument(argc, argv, 2, 100000);
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    remove(argv[1]);
    must(mdb_env_create(&env));
    must(mdb_env_set_mapsize(env, MAP_BYTES));
    must(mdb_env_open(env, argv[1], MDB_NOSUBDIR | MDB_NOSYNC, FILE_MODE));
    int64_t start = bench_now_ns();
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, MDB_INTEGERKEY, &dbi));
    must(mdb_txn_commit(txn));
    for (uint32_t first = 0; first < count; first += TRANSACTION)
        write_keys(env, dbi, first, TRANSACTION);
    read_keys(env, dbi, count);
    bench_print((double)(bench_now_ns() - start) / 1e6);
    mdb_env_close(env);
}
