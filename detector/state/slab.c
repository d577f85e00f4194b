/* Size classes over reserved pages. */
#include "state/slab.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/bytes.h"
#include "base/lock.h"
#include "base/pages.h"

#define SMALL_STEP 16u // small classes are its multiples …
#define SMALL_MAX 256u // … up to here, powers of two above
#define SMALL_COUNT (SMALL_MAX / SMALL_STEP)
#define LARGE_SHIFT_MIN 9  // 512
#define LARGE_SHIFT_MAX 40 // more than any crowd can need
#define CLASS_COUNT (SMALL_COUNT + LARGE_SHIFT_MAX - LARGE_SHIFT_MIN + 1)
#define CHUNK_BYTES ((size_t)256 * 1024) // cut into small objects
#define RELEASE_MIN ((size_t)64 * 1024)  // from here on a freed block's pages go back

struct class
{
    struct race__lock lock;
    void *free;     // lock: linked through the first word of each block
    char *chunk;    // lock: uncut rest of the newest chunk
    size_t left;    // lock: its bytes
    uint64_t count; // lock: blocks in use
};

static struct class classes[CLASS_COUNT];

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
static void *cut(struct class *class, size_t size)
{
    if (class->left < size) {
        class->left = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        class->chunk = race__pages_reserve(class->left, "the detector's objects");
    }
    void *block = class->chunk;
    class->chunk += size;
    class->left -= size;
    return block;
}

void *race__slab_alloc(size_t size)
{
    struct class *class = &classes[class_of(&size)];
    race__lock(&class->lock);
    void **block = (void **)class->free;
    if (block != NULL)
        class->free = *block;
    else
        block = (void **)cut(class, size);
    class->count++;
    race__unlock(&class->lock);
    if (size < RELEASE_MIN)
        race__clear((void *)block, size);
    else
        *block = NULL; // the link; the rest went back as pages
    return (void *)block;
}

void race__slab_free(void *block, size_t size)
{
    if (block == NULL)
        return;
    struct class *class = &classes[class_of(&size)];
    if (size >= RELEASE_MIN)
        race__pages_release(block, size);
    race__lock(&class->lock);
    *(void **)block = class->free;
    class->free = block;
    race__assert(class->count != 0);
    class->count--;
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
        race__lock(&classes[i].lock);
        bytes += classes[i].count * size;
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
