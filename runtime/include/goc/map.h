/* A map for many goroutines and threads at once.
 *
 * Keys and values are words: integers, or pointers cast to uintptr_t.  The map compares keys as
 * words, so two strings with the same text are two keys, and it never follows or frees
 * either: what a pointer points to stays the caller's.  Whoever takes a value out, by
 * load_and_delete or swap, is the only one to get it from that call, and may free what it
 * points to once nobody who loaded it before still uses it.
 *
 * The zero value is ready to use; may not be copied after its first use.
 *
 * All callable from goroutines and threads; none waits for more than the moment in which
 * another changes the map.  Loads take no lock, unless changes keep getting in their way.
 *
 * Ordering  a call that changes KEY is synchronized before any call that sees that change.
 * Source    Go's sync.Map. */
#ifndef GOC_MAP_H
#define GOC_MAP_H

#include <goc/attributes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct goc_map_shards;

typedef struct goc_map {
    struct goc_map_shards *shards; /* private */
} goc_map;

/* KEY's value to *VALUE (NULL: not wanted); false, and *VALUE untouched, where there is none. */
GOC_KEEPS_FRAME bool goc_map_load(goc_map *m, uintptr_t key, uintptr_t *value);

GOC_KEEPS_FRAME void goc_map_store(goc_map *m, uintptr_t key, uintptr_t value);

/* KEY's value to *ACTUAL where there is one: true.  Else store VALUE, also to *ACTUAL: false. */
GOC_KEEPS_FRAME bool goc_map_load_or_store(goc_map *m, uintptr_t key, uintptr_t value,
                                           uintptr_t *actual);

/* Take KEY out, its value to *VALUE (NULL: not wanted); false where there is none. */
GOC_KEEPS_FRAME bool goc_map_load_and_delete(goc_map *m, uintptr_t key, uintptr_t *value);
GOC_KEEPS_FRAME void goc_map_delete(goc_map *m, uintptr_t key);

/* Store VALUE; true where KEY had a value before, which goes to *PREVIOUS (NULL: not wanted). */
GOC_KEEPS_FRAME bool goc_map_swap(goc_map *m, uintptr_t key, uintptr_t value,
                                  uintptr_t *previous);

/* Store VALUE, or take KEY out, if KEY's value is OLD; whether it was. */
GOC_KEEPS_FRAME bool goc_map_compare_and_swap(goc_map *m, uintptr_t key, uintptr_t old,
                                              uintptr_t value);
GOC_KEEPS_FRAME bool goc_map_compare_and_delete(goc_map *m, uintptr_t key, uintptr_t old);

/* Call F for each key with the value it has then, until F returns false.  F may use the map,
 * also to change it.  No key comes twice; of keys that come or go meanwhile, some may come. */
GOC_KEEPS_FRAME void
goc_map_range(goc_map *m, bool (*f)(void *argument, uintptr_t key, uintptr_t value),
              void *argument);

/* Take all keys out. */
GOC_KEEPS_FRAME void goc_map_clear(goc_map *m);

/* Give back the map's memory; it is as new then.  Nobody else may be using it. */
GOC_KEEPS_FRAME void goc_map_free(goc_map *m);

#ifdef __cplusplus
}
#endif
#endif
