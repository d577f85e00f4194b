/* What the interceptors must remember of an object of the program: one pointer an address.
 *
 * Entries are few (a thread, a barrier), so one lock guards all.  Nothing here calls out
 * while it holds the lock, and no handler of the thread runs.
 */
#ifndef GOC_INTERCEPT_TABLE_H
#define GOC_INTERCEPT_TABLE_H

#include "base/lock.h"

#include <stdint.h>

#define RACE_TABLE_CHAINS 1024

struct race__table {
    struct race__lock lock;
    struct race__table_entry *chains[RACE_TABLE_CHAINS]; // lock
};

/* KEY means VALUE, which is not NULL, whatever it meant before: that is returned, or NULL. */
void *race__table_put(struct race__table *table, uintptr_t key, void *value);
/* KEY means VALUE, unless it means something.  Returns what it means. */
void *race__table_put_first(struct race__table *table, uintptr_t key, void *value);
/* What KEY means; NULL for nothing. */
void *race__table_get(struct race__table *table, uintptr_t key);
/* KEY means nothing any more, provided that it still means VALUE. */
void race__table_remove(struct race__table *table, uintptr_t key, const void *value);

/* Around fork: no other thread is inside the table while it is copied. */
void race__table_fork_begin(struct race__table *table);
void race__table_fork_end(struct race__table *table);

#endif
