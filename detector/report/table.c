#include "report/table.h"

#include "report/arena.h"

#include <stdlib.h>

enum { ROOM_MIN = 64 };

/* The finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014) over both numbers. */
static uint64_t hash(struct table_key key)
{
    uint64_t mixed = key.a + 0x9E3779B97F4A7C15u * (key.b + 1);
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

/* The entry of KEY, or the free one where it belongs.  There is always a free one. */
static struct table_entry *find(const struct table *table, struct table_key key)
{
    size_t index = hash(key) & (table->room - 1);
    for (;;) {
        struct table_entry *entry = &table->entries[index];
        if (!entry->value || (entry->key.a == key.a && entry->key.b == key.b))
            return entry;
        index = (index + 1) & (table->room - 1);
    }
}

void *table_get(const struct table *table, struct table_key key)
{
    return table->room ? find(table, key)->value : NULL;
}

static void enlarge(struct table *table)
{
    const struct table old = *table;
    table->room = old.room ? 2 * old.room : ROOM_MIN;
    table->entries = grow(NULL, table->room, sizeof *table->entries);
    for (size_t i = 0; i < table->room; i++)
        table->entries[i] = (struct table_entry){0};
    for (size_t i = 0; i < old.room; i++)
        if (old.entries[i].value)
            *find(table, old.entries[i].key) = old.entries[i];
    free(old.entries);
}

void table_put(struct table *table, struct table_key key, void *value)
{
    if (table->count >= table->room / 4 * 3)
        enlarge(table);
    *find(table, key) = (struct table_entry){.key = key, .value = value};
    table->count++;
}

void table_fini(struct table *table)
{
    free(table->entries);
    *table = (struct table){0};
}
