/* malloc and its kind, over glibc's own doors (__libc_malloc…): dlsym allocates itself, so
 * nothing here may look anything up.
 *
 * A block has the place where it was allocated; giving it back is a write of all of it.
 * Beside ThreadSanitizer the heap is TSan's, and its hooks tell the detector instead
 * (GOC_RACE_BOTH leaves this file empty).
 */
#ifndef GOC_RACE_BOTH

#include "entry/heap.h"

#include "base/compiler.h"
#include "entry/access.h"
#include "intercept/next.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* glibc's allocator itself (malloc/malloc.c); no header declares these names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

RACE_NEXT(malloc_usable_size)

static void *made(void *block, size_t size, const void *pc)
{
    if (block != NULL)
        race__heap_alloc(block, size, pc);
    return block;
}

RACE_INTERCEPT void *malloc(size_t size)
{
    return made(__libc_malloc(size), size, RACE_CALLER_PC());
}

RACE_INTERCEPT void *calloc(size_t count, size_t size)
{
    return made(__libc_calloc(count, size), count * size, RACE_CALLER_PC());
}

RACE_INTERCEPT void free(void *block)
{
    race__heap_free(block, RACE_CALLER_PC());
    __libc_free(block);
}

/* The old block is given back before libc may hand it to another thread; should libc
 * fail, it was never gone. */
static void *again(void *block, size_t size, const void *pc)
{
    size_t old_size = race__heap_size(block);
    race__read(block, old_size < size ? old_size : size, pc);
    race__heap_free(block, pc);
    void *result = __libc_realloc(block, size);
    if (result == NULL && block != NULL && size != 0 && old_size != 0)
        race__heap_alloc(block, old_size, pc);
    return made(result, size, pc);
}

RACE_INTERCEPT void *realloc(void *block, size_t size)
{
    return again(block, size, RACE_CALLER_PC());
}

RACE_INTERCEPT void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return again(block, bytes, RACE_CALLER_PC());
}

RACE_INTERCEPT void *memalign(size_t alignment, size_t size)
{
    return made(__libc_memalign(alignment, size), size, RACE_CALLER_PC());
}

RACE_INTERCEPT void *aligned_alloc(size_t alignment, size_t size)
{
    return made(__libc_memalign(alignment, size), size, RACE_CALLER_PC());
}

static bool is_power_of_two(size_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

RACE_INTERCEPT int posix_memalign(void **result, size_t alignment, size_t size)
{
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0)
        return EINVAL;
    int saved = errno; /* the answer is returned; errno is not posix_memalign's */
    void *block = __libc_memalign(alignment, size);
    errno = saved;
    if (block == NULL)
        return ENOMEM;
    race__heap_alloc(block, size, RACE_CALLER_PC());
    race__write(result, sizeof *result, RACE_CALLER_PC());
    *result = block;
    return 0;
}

/* Who asks may use all that the answer says, so it is what was asked for: beyond lies what the
 * blocks before have left.  Sanitizers answer the same.  A block of no bytes, or one that is older
 * than the detector, gets what libc says, as a new one. */
RACE_INTERCEPT size_t malloc_usable_size(void *block)
{
    size_t size = race__heap_size(block);
    if (size != 0 || block == NULL)
        return size;
    size = next_malloc_usable_size()(block);
    race__heap_alloc(block, size, RACE_CALLER_PC());
    return size;
}

#define PAGE_SIZE ((size_t)4096) /* amd64's; valloc and pvalloc align to it */

RACE_INTERCEPT void *valloc(size_t size)
{
    return made(__libc_memalign(PAGE_SIZE, size), size, RACE_CALLER_PC());
}

RACE_INTERCEPT void *pvalloc(size_t size)
{
    size_t rounded = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    if (rounded < size) {
        errno = ENOMEM;
        return NULL;
    }
    return made(__libc_memalign(PAGE_SIZE, rounded), rounded, RACE_CALLER_PC());
}

#endif
