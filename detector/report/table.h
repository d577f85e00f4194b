/* Two numbers → one pointer. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_key {
    uint64_t a;
    uint64_t b;
};

struct table_entry {
    struct table_key key;
    void *value; // NULL: the entry is free
};

/* All zero: an empty table. */
struct table {
    struct table_entry *entries;
    size_t room; // a power of two, or 0
    size_t count;
};

/* What KEY means; NULL for nothing. */
void *table_get(const struct table *table, struct table_key key);

/* KEY, which meant nothing, means VALUE, which is not NULL. */
void table_put(struct table *table, struct table_key key, void *value);

void table_fini(struct table *table);

#endif
