/* A table of pairs that only grows. */
#include "record/seen.h"

#include "base/atomic.h"
#include "base/bytes.h"

#define TABLE_SIZE (UINT64_C(2) * RACE_SEEN_MAX) // half empty at the least

static uint64_t table[TABLE_SIZE]; // atomic: 0 free
static uint32_t count;             // atomic

static uint64_t pair_of(uint32_t leaf, uint32_t other)
{
    return leaf < other ? (uint64_t)leaf << 32 | other : (uint64_t)other << 32 | leaf;
}

/* PAIR's place, or the free one where it would stand. */
static uint64_t *place_of(uint64_t pair)
{
    uint64_t at = pair * UINT64_C(0x9e3779b97f4a7c15) >> 32; // Knuth: 2^64 / phi
    for (;; at++) {
        uint64_t *place = &table[at % TABLE_SIZE];
        uint64_t found = load_acquire(place);
        if (found == pair || found == 0)
            return place;
    }
}

bool race__seen(uint32_t leaf, uint32_t other)
{
    uint64_t pair = pair_of(leaf, other);
    return load_acquire(place_of(pair)) == pair || load_relaxed(&count) >= RACE_SEEN_MAX;
}

bool race__seen_add(uint32_t leaf, uint32_t other)
{
    uint64_t pair = pair_of(leaf, other);
    if (fetch_add_relaxed(&count, 1) >= RACE_SEEN_MAX) {
        fetch_sub_relaxed(&count, 1);
        return false;
    }
    for (;;) {
        uint64_t *place = place_of(pair);
        uint64_t free = 0;
        if (cas_acq_rel(place, &free, pair))
            return true;
        if (free == pair)
            break;
    }
    fetch_sub_relaxed(&count, 1);
    return false;
}

uint32_t race__seen_count(void)
{
    return load_relaxed(&count);
}

void race__seen_forked(void)
{
    if (load_relaxed(&count) != 0)
        race__clear(table, sizeof table); // else its pages stay shared
    store_relaxed(&count, 0);
}
