/* A map as a C program has one: a table of fixed size, keys and values of any size, plain memory.
 *
 * Every change writes the count, every other use reads it, as Go's maps do: so two uses of which
 * one changes the map conflict whatever their keys are.
 */
#ifndef TESTS_RACE_GO_MAP_H
#define TESTS_RACE_GO_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAP_SLOTS = 32 };

struct map {
    size_t count;
    size_t key_size;
    size_t value_size;
    bool used[MAP_SLOTS];
    unsigned char *keys;
    unsigned char *values;
};

static inline struct map *map_make(size_t key_size, size_t value_size)
{
    struct map *m = calloc(1, sizeof *m);
    m->key_size = key_size;
    m->value_size = value_size;
    m->keys = calloc(MAP_SLOTS, key_size);
    m->values = calloc(MAP_SLOTS, value_size);
    return m;
}

/* The slot of KEY, or the free one where it would go.  Tests fill no map. */
static inline size_t map_slot(const struct map *m, const void *key)
{
    const unsigned char *bytes = key;
    size_t slot = 0;
    for (size_t i = 0; i < m->key_size; i++)
        slot = slot * 31 + bytes[i];
    slot %= MAP_SLOTS;
    while (m->used[slot] && memcmp(m->keys + slot * m->key_size, key, m->key_size) != 0)
        slot = (slot + 1) % MAP_SLOTS;
    return slot;
}

static inline void *map_find(const struct map *m, const void *key)
{
    size_t slot = map_slot(m, key);
    return m->count > 0 && m->used[slot] ? m->values + slot * m->value_size : NULL;
}

/* Copy the value of KEY to VALUE, zeros where there is none; returns whether there is one. */
static inline bool map_get(const struct map *m, const void *key, void *value)
{
    const void *found = map_find(m, key);
    if (found)
        memcpy(value, found, m->value_size);
    else
        memset(value, 0, m->value_size);
    return found;
}

static inline void map_put(struct map *m, const void *key, const void *value)
{
    size_t slot = map_slot(m, key);
    m->count += !m->used[slot];
    m->used[slot] = true;
    memcpy(m->keys + slot * m->key_size, key, m->key_size);
    memcpy(m->values + slot * m->value_size, value, m->value_size);
}

/* Leaves a hole, which may hide another key: the tests have no two in a row. */
static inline void map_delete(struct map *m, const void *key)
{
    size_t slot = map_slot(m, key);
    m->count -= m->used[slot];
    m->used[slot] = false;
}

static inline size_t map_len(const struct map *m)
{
    return m->count;
}

/* How many a walk over the map meets. */
static inline size_t map_walk(const struct map *m)
{
    size_t met = 0;
    if (m->count > 0)
        for (size_t slot = 0; slot < MAP_SLOTS; slot++)
            met += m->used[slot];
    return met;
}

#endif
