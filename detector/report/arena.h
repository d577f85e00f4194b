/* Memory that lives as long as the whole report.
 *
 * Everything that is read from a log, and everything that is found out about it, stays
 * until the report is printed, so nothing is freed one by one.  The exception are
 * sightings of a race already known, which a long run may bring by the million: take a
 * mark before, rewind after.
 *
 * Running out of memory ends goc-race with one line; no function here returns NULL.
 */
#ifndef REPORT_ARENA_H
#define REPORT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *top; // newest chunk; its bump pointer is the arena's
};

/* A point to go back to. */
struct arena_mark {
    struct arena_chunk *chunk;
    size_t used;
};

/* SIZE zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* An array of COUNT zeroed elements; COUNT 0 gives a pointer nobody may follow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy of the string TEXT; NULL gives NULL. */
const char *arena_string(struct arena *arena, const char *text);

__attribute__((__format__(__printf__, 2, 3))) const char *
arena_printf(struct arena *arena, const char *format, ...);

struct arena_mark arena_mark(const struct arena *arena);

/* Frees what was allocated since MARK. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Frees everything; the arena is empty and usable again. */
void arena_free(struct arena *arena);

/* For the few buffers that grow: realloc that ends goc-race rather than fail. */
void *grow(void *old, size_t count, size_t size);

#endif
