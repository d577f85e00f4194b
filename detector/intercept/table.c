/* A chained hash table on the detector's slabs. */
#include "intercept/table.h"

#include "state/slab.h"
#include "state/strand.h"

struct race__table_entry {
    uintptr_t key;
    void *value;
    struct race__table_entry *next;
};

/* The link that holds KEY's entry, or the last one of its chain. */
static struct race__table_entry **find(struct race__table *table, uintptr_t key)
{
    /* Keys are aligned addresses: Fibonacci hashing takes the high bits of the product. */
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
    struct race__table_entry **link =
        &table->chains[hash >> 32 & (RACE_TABLE_CHAINS - 1)];
    while (*link != NULL && (*link)->key != key)
        link = &(*link)->next;
    return link;
}

/* A handler that came while its own thread had the lock would wait for it in vain: inside the
 * detector none comes.  Answers whether the thread was outside. */
static bool enter(struct race__table *table)
{
    bool entered = race__enter();
    race__lock(&table->lock);
    return entered;
}

static void leave(struct race__table *table, bool entered)
{
    race__unlock(&table->lock);
    if (entered)
        race__leave();
}

void *race__table_put(struct race__table *table, uintptr_t key, void *value)
{
    void *old = NULL;
    bool entered = enter(table);
    struct race__table_entry **link = find(table, key);
    if (*link == NULL) {
        *link = race__slab_alloc(sizeof **link);
        (*link)->key = key;
    } else {
        old = (*link)->value;
    }
    (*link)->value = value;
    leave(table, entered);
    return old;
}

void *race__table_put_first(struct race__table *table, uintptr_t key, void *value)
{
    race__lock(&table->lock);
    struct race__table_entry **link = find(table, key);
    if (*link == NULL) {
        *link = race__slab_alloc(sizeof **link);
        **link = (struct race__table_entry){.key = key, .value = value};
    }
    value = (*link)->value;
    race__unlock(&table->lock);
    return value;
}

void *race__table_get(struct race__table *table, uintptr_t key)
{
    bool entered = enter(table);
    struct race__table_entry *entry = *find(table, key);
    void *value = entry == NULL ? NULL : entry->value;
    leave(table, entered);
    return value;
}

void race__table_remove(struct race__table *table, uintptr_t key, const void *value)
{
    bool entered = enter(table);
    struct race__table_entry **link = find(table, key);
    struct race__table_entry *entry = *link;
    if (entry != NULL && entry->value == value) {
        *link = entry->next;
        race__slab_free(entry, sizeof *entry);
    }
    leave(table, entered);
}

void race__table_fork_begin(struct race__table *table)
{
    race__lock(&table->lock);
}

void race__table_fork_end(struct race__table *table)
{
    race__unlock(&table->lock);
}
