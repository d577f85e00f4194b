/* malloc and its kind beside TSan: the heap is TSan's, and goc's detector hears of it.
 *
 * TSan's hooks tell of every block, also of those that its interceptors of strdup or
 * getline make; but not from where.  So the functions stand in front of TSan's own, to
 * note their caller for the hooks, and to put it on TSan's stack, which would show these
 * functions instead.
 */
#include "base/compiler.h"
#include "entry/access.h"
#include "entry/heap.h"
#include "state/strand.h"
#include "tsan/bridge.h"
#include "tsan/interface.h"

#include <malloc.h>
#include <stdlib.h>

/* Where the program called the function that the thread is in; NULL outside of these. */
static RACE_THREAD_LOCAL const void *caller;
/* TSan has told of the block.  It does so for malloc, calloc, realloc and reallocarray. */
static RACE_THREAD_LOCAL bool told;

/* What to put back when the function returns. */
struct call {
    const void *outer;
    bool shown; // the caller is on TSan's stack
};

/* A thread without a strand may be one that TSan has not met yet. */
static struct call begin(const void *pc)
{
    const struct call call = {.outer = caller, .shown = race__watched() != NULL};
    caller = pc;
    told = false;
    if (call.shown)
        __tsan_func_entry((void *)(uintptr_t)pc);
    return call;
}

static void *end(struct call call, void *block, size_t size)
{
    if (!told && block != NULL)
        race__heap_alloc(block, size, caller);
    if (call.shown)
        __tsan_func_exit();
    caller = call.outer;
    return block;
}

/* A block that nobody of the above asked for is one of TSan's interceptors': the place is
 * inside TSan, and goc-race leaves such frames out. */
static const void *place(const void *hook_caller)
{
    return caller != NULL ? caller : hook_caller;
}

RACE_EXPORT void __sanitizer_malloc_hook(const void *block, size_t size)
{
    race__heap_alloc(block, size, place(__builtin_return_address(0)));
    told = true;
}

RACE_EXPORT void __sanitizer_free_hook(const void *block)
{
    race__heap_free(block, place(__builtin_return_address(0)));
    race__tsan_heap_free(block);
}

/* TSan's interceptors, under the names that libraries may call them by. */
void *__interceptor_malloc(size_t size);
void *__interceptor_calloc(size_t count, size_t size);
void *__interceptor_realloc(void *block, size_t size);
void *__interceptor_reallocarray(void *block, size_t count, size_t size);
void *__interceptor_memalign(size_t alignment, size_t size);
void *__interceptor_aligned_alloc(size_t alignment, size_t size);
int __interceptor_posix_memalign(void **result, size_t alignment, size_t size);
void *__interceptor_valloc(size_t size);
void *__interceptor_pvalloc(size_t size);
void __interceptor_free(void *block);

#define ALLOCATE(name, parameters, arguments, bytes)                                     \
    RACE_EXPORT void *name parameters                                                    \
    {                                                                                    \
        const struct call call = begin(RACE_CALLER_PC());                                \
        return end(call, __interceptor_##name arguments, bytes);                         \
    }

ALLOCATE(malloc, (size_t size), (size), size)
ALLOCATE(calloc, (size_t count, size_t size), (count, size), count *size)
ALLOCATE(memalign, (size_t alignment, size_t size), (alignment, size), size)
ALLOCATE(aligned_alloc, (size_t alignment, size_t size), (alignment, size), size)
ALLOCATE(valloc, (size_t size), (size), size)
ALLOCATE(pvalloc, (size_t size), (size), size)

/* TSan copies what is kept without telling anybody. */
static void read_kept(const void *block, size_t size, const void *pc)
{
    const size_t old_size = race__heap_size(block);
    race__read(block, old_size < size ? old_size : size, pc);
}

RACE_EXPORT void *realloc(void *block, size_t size)
{
    read_kept(block, size, RACE_CALLER_PC());
    const struct call call = begin(RACE_CALLER_PC());
    return end(call, __interceptor_realloc(block, size), size);
}

RACE_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes = 0;
    if (!__builtin_mul_overflow(count, size, &bytes))
        read_kept(block, bytes, RACE_CALLER_PC());
    const struct call call = begin(RACE_CALLER_PC());
    return end(call, __interceptor_reallocarray(block, count, size), count * size);
}

RACE_EXPORT int posix_memalign(void **result, size_t alignment, size_t size)
{
    const struct call call = begin(RACE_CALLER_PC());
    const int error = __interceptor_posix_memalign(result, alignment, size);
    end(call, error == 0 ? *result : NULL, size);
    if (error == 0)
        race__write((const void *)result, sizeof *result, RACE_CALLER_PC());
    return error;
}

RACE_EXPORT void free(void *block)
{
    const struct call call = begin(RACE_CALLER_PC());
    __interceptor_free(block);
    end(call, NULL, 0);
}
