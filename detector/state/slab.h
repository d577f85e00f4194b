/* Memory for the detector's own objects.
 *
 * Size classes with a free list each; what is freed is used again for the same class and
 * never given back as address space.  So a reader without a lock may look at an object
 * that was freed meanwhile: it reads stale bytes, but never faults (state/crowd.h leans
 * on that).  Blocks come zeroed.
 *
 * A thread keeps some small blocks that it freed for itself, until race__slab_cache(false).
 */
#ifndef GOC_STATE_SLAB_H
#define GOC_STATE_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SIZE bytes of zeros, 16-aligned.  Never fails: the process ends where memory does. */
void *race__slab_alloc(size_t size);
/* The same, but with anything in it; of less than 64 KiB. */
void *race__slab_take(size_t size);
/* Back from race__slab_alloc(SIZE) or race__slab_take(SIZE); BLOCK may be NULL. */
void race__slab_free(void *block, size_t size);
/* The calling thread may keep free blocks from here on, as each may that never said
 * otherwise; or it ends, and gives back what it kept. */
void race__slab_cache(bool open);
/* For a fork: nobody allocates or frees. */
void race__slab_hold(bool hold);
/* Bytes in use now, class sizes counted, with what other threads keep. */
uint64_t race__slab_in_use(void);

/* Objects that live as long as the process, found by a number: an array that grows where
 * it is.  Number 0 is never given out.  Guard: none, appending is atomic. */
struct race__arena {
    char *base;       // set by init
    uint32_t used;    // atomic: numbers given out, 0 included
    uint32_t limit;   // const after init: numbers are below it
    uint32_t size;    // const after init: bytes of an object
    const char *what; // const after init: for the message at the limit
};

void race__arena_init(struct race__arena *arena, const char *what, uint32_t size,
                      uint32_t limit);
/* A new zeroed object's number; 0 where the limit is reached. */
uint32_t race__arena_append(struct race__arena *arena);

static inline void *race__arena_at(const struct race__arena *arena, uint32_t number)
{
    return arena->base + (size_t)number * arena->size;
}

#endif
