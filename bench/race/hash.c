/* Open-addressing hash table: inserts and lookups at random places. */
#include "bench.h"

struct entry {
    uint64_t key; /* 0: empty */
    uint64_t value;
};

static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdull;
    return x ^ (x >> 33);
}

static struct entry *find(struct entry *table, uint64_t mask, uint64_t key)
{
    uint64_t i = mix(key) & mask;
    while (table[i].key != 0 && table[i].key != key)
        i = (i + 1) & mask;
    return &table[i];
}

int main(int argc, char **argv)
{
    uint64_t count = (uint64_t)bench_argument(argc, argv, 1, 500000);
    uint64_t mask = (1u << 21) - 1;
    struct entry *table = calloc(mask + 1, sizeof(*table));
    int64_t start = bench_now_ns();
    for (uint64_t key = 1; key <= count; key++) {
        struct entry *entry = find(table, mask, key);
        entry->key = key;
        entry->value = 2 * key;
    }
    uint64_t sum = 0;
    for (int pass = 0; pass < 3; pass++)
        for (uint64_t key = 1; key <= count; key++)
            sum += find(table, mask, key)->value;
    if (sum != 3 * count * (count + 1))
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
    free(table);
}
