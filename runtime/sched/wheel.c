#include "sched/wheel.h"

#include "base/bytes.h"
#include "base/panic.h"
#include "os/pages.h"

enum {
    CHUNK_ENTRIES = 31,
    CHUNK_PLACES = 32, /* of an index: the last is the chunk's own fields */
    CHUNKS_FIRST = 128,
    WORD_BITS = 64,
    AHEAD = 8, /* nodes whose memory is on its way while a bucket is emptied */
};

struct wheel_chunk {
    struct heap_entry entries[CHUNK_ENTRIES];
    uint32_t next;  /* index + 1 of the bucket's older chunk, or of a free one; 0: none */
    uint32_t count; /* of entries */
    uint64_t unused;
};

_Static_assert(sizeof(struct wheel_chunk) == CHUNK_PLACES * sizeof(struct heap_entry),
               "an entry's index tells its chunk");

struct bucket {
    int64_t earliest; /* where it has a chunk */
    uint32_t newest;  /* index + 1 of its newest chunk; 0: empty */
};

struct wheel_storage {
    struct bucket buckets[WHEEL_BUCKETS];
    uint64_t occupied[WHEEL_BUCKETS / WORD_BITS]; /* a bit a bucket: not empty */
};

_Static_assert((WHEEL_BUCKETS & (WHEEL_BUCKETS - 1)) == 0, "a bucket's number is masked");

static uint32_t place_of(int64_t number)
{
    return (uint32_t)number % WHEEL_BUCKETS;
}

static size_t whole_pages(size_t bytes)
{
    return (bytes + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES;
}

/* Room for one more chunk.  False: no memory. */
static bool grow(struct wheel *wheel)
{
    size_t bytes = wheel->chunk_capacity * sizeof wheel->chunks[0];
    size_t wanted = bytes > 0 ? bytes * 2 : CHUNKS_FIRST * sizeof wheel->chunks[0];
    char *fresh;
    if (wanted / sizeof wheel->chunks[0] > WHEEL_NODE / CHUNK_PLACES / 2 ||
        goc__pages_map(wanted, &fresh) != 0)
        return false;
    if (bytes > 0) {
        bytes_copy(fresh, wheel->chunks, bytes);
        goc__pages_unmap((char *)wheel->chunks, bytes);
    }
    wheel->chunks = (struct wheel_chunk *)(void *)fresh;
    wheel->chunk_capacity = (uint32_t)(wanted / sizeof wheel->chunks[0]);
    return true;
}

/* A chunk that becomes BUCKET's newest.  False: no memory. */
static bool add_chunk(struct wheel *wheel, struct bucket *bucket)
{
    uint32_t taken = wheel->free_chunk;
    if (taken != 0) {
        wheel->free_chunk = wheel->chunks[taken - 1].next;
    } else {
        if (wheel->chunk_used == wheel->chunk_capacity && !grow(wheel))
            return false;
        taken = ++wheel->chunk_used;
    }
    wheel->chunks[taken - 1].next = bucket->newest;
    wheel->chunks[taken - 1].count = 0;
    bucket->newest = taken;
    return true;
}

/* BUCKET's newest chunk is empty: it gives it back. */
static void drop_chunk(struct wheel *wheel, struct bucket *bucket)
{
    uint32_t dropped = bucket->newest;
    bucket->newest = wheel->chunks[dropped - 1].next;
    wheel->chunks[dropped - 1].next = wheel->free_chunk;
    wheel->free_chunk = dropped;
}

static void set_occupied(struct wheel *wheel, uint32_t place, bool occupied)
{
    uint64_t bit = UINT64_C(1) << place % WORD_BITS;
    uint64_t *word = &wheel->storage->occupied[place / WORD_BITS];
    *word = occupied ? *word | bit : *word & ~bit;
}

/* The first bucket with an entry, from number FROM on; there is one. */
static int64_t find_first(const struct wheel *wheel, int64_t from)
{
    uint32_t start = place_of(from);
    uint64_t bits =
        wheel->storage->occupied[start / WORD_BITS] & (UINT64_MAX << start % WORD_BITS);
    uint32_t word = start / WORD_BITS;
    while (bits == 0) {
        word = (word + 1) % (WHEEL_BUCKETS / WORD_BITS);
        bits = wheel->storage->occupied[word];
    }
    uint32_t place = word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
    return from + (place - start) % WHEEL_BUCKETS;
}

static bool make_storage(struct wheel *wheel)
{
    char *fresh;
    if (goc__pages_map(whole_pages(sizeof *wheel->storage), &fresh) != 0)
        return false;
    wheel->storage = (struct wheel_storage *)(void *)fresh;
    return true;
}

bool goc__wheel_insert(struct wheel *wheel, int64_t key, struct heap_node *node,
                       int64_t now)
{
    int64_t number = key >> WHEEL_SHIFT;
    if (wheel->count == 0)
        wheel->base = (now >> WHEEL_SHIFT) + 1;
    if (number < wheel->base || number - wheel->base >= WHEEL_BUCKETS ||
        (wheel->storage == NULL && !make_storage(wheel)))
        return false;
    uint32_t place = place_of(number);
    struct bucket *bucket = &wheel->storage->buckets[place];
    bool fresh = bucket->newest == 0;
    if ((fresh || wheel->chunks[bucket->newest - 1].count == CHUNK_ENTRIES) &&
        !add_chunk(wheel, bucket))
        return false;
    if (fresh) {
        bucket->earliest = key;
        set_occupied(wheel, place, true);
    }
    if (key < bucket->earliest)
        bucket->earliest = key;
    struct wheel_chunk *chunk = &wheel->chunks[bucket->newest - 1];
    node->index = WHEEL_NODE | ((bucket->newest - 1) * CHUNK_PLACES + chunk->count);
    chunk->entries[chunk->count++] = (struct heap_entry){.key = key, .node = node};
    if (wheel->count++ == 0 || number < wheel->first)
        wheel->first = number;
    return true;
}

/* The newest entry of bucket NUMBER, which has one, leaves it. */
static struct heap_entry take_newest(struct wheel *wheel, int64_t number)
{
    uint32_t place = place_of(number);
    struct bucket *bucket = &wheel->storage->buckets[place];
    struct wheel_chunk *chunk = &wheel->chunks[bucket->newest - 1];
    struct heap_entry taken = chunk->entries[--chunk->count];
    if (chunk->count == 0)
        drop_chunk(wheel, bucket);
    wheel->count--;
    if (bucket->newest == 0) {
        set_occupied(wheel, place, false);
        if (number == wheel->first && wheel->count > 0)
            wheel->first = find_first(wheel, number);
    }
    return taken;
}

void goc__wheel_remove(struct wheel *wheel, struct heap_node *node)
{
    uint32_t index = node->index & ~WHEEL_NODE;
    struct heap_entry *entry =
        &wheel->chunks[index / CHUNK_PLACES].entries[index % CHUNK_PLACES];
    goc__assert(entry->node == node);
    struct heap_entry last = take_newest(wheel, entry->key >> WHEEL_SHIFT);
    if (last.node != node) {
        *entry = last;
        last.node->index = node->index;
    }
    heap_node_init(node);
}

/* A timer's node is its first member, and a timer half a line or more. */
static inline void fetch_ahead(const struct heap_node *node)
{
    __builtin_prefetch(node, 1);
    __builtin_prefetch((const char *)node + 32, 1);
}

struct heap_entry goc__wheel_take(struct wheel *wheel)
{
    int64_t number = wheel->first;
    const struct bucket *bucket = &wheel->storage->buckets[place_of(number)];
    const struct wheel_chunk *chunk = &wheel->chunks[bucket->newest - 1];
    if (chunk->count > AHEAD)
        fetch_ahead(chunk->entries[chunk->count - 1 - AHEAD].node);
    wheel->base = number + 1;
    struct heap_entry taken = take_newest(wheel, number);
    heap_node_init(taken.node);
    return taken;
}

int64_t goc__wheel_earliest(const struct wheel *wheel)
{
    return wheel->count > 0 ? wheel->storage->buckets[place_of(wheel->first)].earliest
                            : INT64_MAX;
}
