/* Size classes over reserved pages, and what threads keep of the small ones. */
#include "state/slab.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/bytes.h"
#include "base/compiler.h"
#include "base/lock.h"
#include "base/pages.h"

#define SMALL_STEP 16u // small classes are its multiples …
#define SMALL_MAX 512u // … up to here, powers of two above
#define SMALL_COUNT (SMALL_MAX / SMALL_STEP)
#define SMALL_STEPS ((size_t)4 * SMALL_STEP) // cleared at once
#define LARGE_SHIFT_MIN 10                   // 1024
#define LARGE_SHIFT_MAX 40                   // more than any crowd can need
#define CLASS_COUNT (SMALL_COUNT + LARGE_SHIFT_MAX - LARGE_SHIFT_MIN + 1)
#define CHUNK_BYTES ((size_t)256 * 1024) // cut into small objects
/* A class of small objects that fills so much is cut from chunks of so much, in huge pages:
 * a fault for 2 MiB, where each 4 KiB would take one.  At most one page of them is committed
 * ahead of need. */
#define DENSE_MIN ((size_t)1 << 20)
#define DENSE_CHUNK_BYTES ((size_t)16 << 20)
/* From here on a freed block's pages go back, but for one block a class up to a size: what a
 * program makes and frees by turns, as the crowd of each batch of goroutines, has its memory. */
#define RELEASE_MIN ((size_t)64 * 1024)
#define WARM_MAX ((size_t)1024 * 1024)

#define CACHE_MAX 64u   // free blocks of a class that a thread keeps …
#define CACHE_MOVED 32u // … and so many come or go at once

struct class
{
    struct race__lock lock;
    void *free; // lock: linked through the first word of each block
    void *warm; // lock: a free block, of RELEASE_MIN or more, that has its pages; or NULL
    char *chunk;    // lock: uncut rest of the newest chunk
    size_t left;    // lock: its bytes
    uint64_t count; // lock: blocks in use, or free in a thread's cache
};

/* Small blocks that the thread has freed, or took ahead of need: most come and go by the
 * handful, and the class's lock would cost more than the rest. */
struct cache {
    void *free[SMALL_COUNT]; // linked as a class's
    uint32_t count[SMALL_COUNT];
    bool closed; // the thread ends: nothing is kept any more
};

static struct class classes[CLASS_COUNT];
static RACE_THREAD_LOCAL struct cache cache;

static size_t round_up_power(size_t size, unsigned *shift)
{
    *shift = 64 - (unsigned)__builtin_clzl(size - 1);
    return (size_t)1 << *shift;
}

/* Which class, and the class's size in *SIZE. */
static unsigned class_of(size_t *size)
{
    unsigned shift;
    race__assert(*size != 0);
    if (*size <= SMALL_MAX) {
        *size = (*size + SMALL_STEP - 1) & ~(size_t)(SMALL_STEP - 1);
        return (unsigned)(*size / SMALL_STEP) - 1;
    }
    *size = round_up_power(*size, &shift);
    race__assert(shift <= LARGE_SHIFT_MAX);
    return SMALL_COUNT + shift - LARGE_SHIFT_MIN;
}

/* Lock held. */
static void begin_chunk(struct class *class, size_t size)
{
    bool dense = size <= SMALL_MAX && class->count * size >= DENSE_MIN;
    class->left = dense ? DENSE_CHUNK_BYTES : size > CHUNK_BYTES ? size : CHUNK_BYTES;
    class->chunk = race__pages_reserve(class->left, "the detector's objects");
    if (dense)
        race__pages_dense(class->chunk, class->left);
}

/* Lock held. */
static void *cut(struct class *class, size_t size)
{
    if (unlikely(class->left < size))
        begin_chunk(class, size);
    void *block = class->chunk;
    class->chunk += size;
    class->left -= size;
    return block;
}

/* Lock held. */
static void *take(struct class *class, size_t size)
{
    void *block = class->free;
    if (block != NULL)
        class->free = *(void **)block;
    else
        block = cut(class, size);
    class->count++;
    return block;
}

/* Lock held. */
static void give(struct class *class, void *block)
{
    *(void **)block = class->free;
    class->free = block;
    race__assert(class->count != 0);
    class->count--;
}

/* In the order of their addresses, so that what a program makes in turn lies in turn. */
RACE_COLD static void fill_cache(unsigned number, size_t size)
{
    void **link = &cache.free[number];
    race__lock(&classes[number].lock);
    do {
        *link = take(&classes[number], size);
        link = *link;
        cache.count[number]++;
    } while (!cache.closed && cache.count[number] < CACHE_MOVED);
    *link = NULL;
    race__unlock(&classes[number].lock);
}

RACE_COLD static void empty_cache(unsigned number, uint32_t down_to)
{
    race__lock(&classes[number].lock);
    for (; cache.count[number] > down_to; cache.count[number]--) {
        void *block = cache.free[number];
        cache.free[number] = *(void **)block;
        give(&classes[number], block);
    }
    race__unlock(&classes[number].lock);
}

void race__slab_cache(bool open)
{
    cache.closed = !open;
    for (unsigned i = 0; !open && i < SMALL_COUNT; i++)
        if (cache.count[i] != 0)
            empty_cache(i, 0);
}

/* SIZE, a small class's, bytes of zeros.  By hand: the processor's own instruction for it
 * takes as long to begin as this in all, and a compiler would make it memset again. */
static void clear_small(char *block, size_t size)
{
    typedef uint64_t pair __attribute__((vector_size(SMALL_STEP)));
    size_t at = 0;
    for (; at + SMALL_STEPS <= size; at += SMALL_STEPS) {
        pair *four = (pair *)(void *)(block + at);
        four[0] = four[1] = four[2] = four[3] = (pair){0};
        compiler_barrier();
    }
    for (; at < size; at += SMALL_STEP) {
        *(pair *)(void *)(block + at) = (pair){0};
        compiler_barrier();
    }
}

static inline void *take_small(size_t *size)
{
    unsigned number = class_of(size);
    if (unlikely(cache.free[number] == NULL))
        fill_cache(number, *size);
    void *block = cache.free[number];
    cache.free[number] = *(void **)block;
    cache.count[number]--;
    return block;
}

static void *alloc_small(size_t size)
{
    void *block = take_small(&size);
    clear_small(block, size);
    return block;
}

/* The block of CLASS that has its pages, if there is one.  Lock held. */
static void *take_warm(struct class *class)
{
    void *block = class->warm;
    class->warm = NULL;
    class->count += block != NULL;
    return block;
}

static void *alloc_large(size_t size)
{
    struct class *class = &classes[class_of(&size)];
    race__lock(&class->lock);
    void *warm = take_warm(class);
    void *block = warm != NULL ? warm : take(class, size);
    race__unlock(&class->lock);
    if (size < RELEASE_MIN || warm != NULL)
        race__clear(block, size);
    else
        *(void **)block = NULL; // the link; the rest went back as pages
    return block;
}

void *race__slab_alloc(size_t size)
{
    return likely(size <= SMALL_MAX) ? alloc_small(size) : alloc_large(size);
}

void *race__slab_take(size_t size)
{
    race__assert(size < RELEASE_MIN);
    if (size <= SMALL_MAX)
        return take_small(&size);
    struct class *class = &classes[class_of(&size)];
    race__lock(&class->lock);
    void *block = take(class, size);
    race__unlock(&class->lock);
    return block;
}

static void free_small(void *block, size_t size)
{
    unsigned number = class_of(&size);
    *(void **)block = cache.free[number];
    cache.free[number] = block;
    cache.count[number]++;
    if (unlikely(cache.closed))
        empty_cache(number, 0);
    else if (unlikely(cache.count[number] > CACHE_MAX))
        empty_cache(number, CACHE_MAX - CACHE_MOVED);
}

/* BLOCK becomes the one of CLASS that keeps its pages, if none is. */
static bool keep_warm(struct class *class, void *block, size_t size)
{
    race__lock(&class->lock);
    bool kept = class->warm == NULL && size <= WARM_MAX;
    if (kept) {
        class->warm = block;
        race__assert(class->count != 0);
        class->count--;
    }
    race__unlock(&class->lock);
    return kept;
}

void race__slab_free(void *block, size_t size)
{
    if (block == NULL)
        return;
    if (likely(size <= SMALL_MAX)) {
        free_small(block, size);
        return;
    }
    struct class *class = &classes[class_of(&size)];
    if (size >= RELEASE_MIN && keep_warm(class, block, size))
        return;
    if (size >= RELEASE_MIN)
        race__pages_release(block, size);
    race__lock(&class->lock);
    give(class, block);
    race__unlock(&class->lock);
}

void race__slab_hold(bool hold)
{
    for (unsigned i = 0; i < CLASS_COUNT; i++)
        race__lock_hold(&classes[i].lock, hold);
}

uint64_t race__slab_in_use(void)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < CLASS_COUNT; i++) {
        size_t size = i < SMALL_COUNT ? (size_t)(i + 1) * SMALL_STEP
                                      : (size_t)1 << (i - SMALL_COUNT + LARGE_SHIFT_MIN);
        uint64_t kept = i < SMALL_COUNT ? cache.count[i] : 0;
        race__lock(&classes[i].lock);
        bytes += (classes[i].count - kept) * size;
        race__unlock(&classes[i].lock);
    }
    return bytes;
}

void race__arena_init(struct race__arena *arena, const char *what, uint32_t size,
                      uint32_t limit)
{
    arena->size = size;
    arena->limit = limit;
    arena->what = what;
    arena->used = 1;
    arena->base = race__pages_reserve((size_t)size * limit, what);
}

uint32_t race__arena_append(struct race__arena *arena)
{
    uint32_t number = load_relaxed(&arena->used);
    while (number < arena->limit)
        if (cas_acq_rel(&arena->used, &number, number + 1))
            return number;
    return 0;
}
