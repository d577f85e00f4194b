/* An object whose parties let go of it under its own mutex.  The last one frees it, while others
 * may still be inside their unlock. */
#ifndef TESTS_UNIT_SYNC_COUNTED_H
#define TESTS_UNIT_SYNC_COUNTED_H

#include "check.h"

#include <goc/sync.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct counted {
    goc_mutex mutex;
    int references;       /* mutex */
    goc_waitgroup *freed; /* const: one less when it is */
};

static inline struct counted *counted_new(int references, goc_waitgroup *freed)
{
    struct counted *object = calloc(1, sizeof *object);
    CHECK(object != NULL);
    object->references = references;
    object->freed = freed;
    goc_waitgroup_add(freed, 1);
    return object;
}

static inline void counted_let_go(void *argument)
{
    struct counted *object = argument;
    goc_waitgroup *freed = object->freed;
    goc_mutex_lock(&object->mutex);
    bool last = --object->references == 0;
    goc_mutex_unlock(&object->mutex);
    if (last) {
        memset(object, 0xA5, sizeof *object); /* a late touch finds nonsense */
        free(object);
        goc_waitgroup_done(freed);
    }
}

#endif
