#include "report/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024 };

struct arena_chunk {
    struct arena_chunk *below;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

static _Noreturn void out_of_memory(void)
{
    fputs("goc-race: out of memory\n", stderr);
    exit(1);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        out_of_memory();
    size = (size + align - 1) / align * align;
    struct arena_chunk *chunk = arena->top;
    if (!chunk || chunk->size - chunk->used < size) {
        const size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        chunk = malloc(sizeof *chunk + room);
        if (!chunk)
            out_of_memory();
        *chunk = (struct arena_chunk){.below = arena->top, .size = room};
        arena->top = chunk;
    }
    void *block = chunk->bytes + chunk->used;
    chunk->used += size;
    return memset(block, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory();
    return arena_alloc(arena, bytes);
}

const char *arena_string(struct arena *arena, const char *text)
{
    if (!text)
        return NULL;
    const size_t size = strlen(text) + 1;
    return memcpy(arena_alloc(arena, size), text, size);
}

const char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        out_of_memory();
    const size_t size = (size_t)length + 1;
    char *text = arena_alloc(arena, size);
    va_start(arguments, format);
    vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return text;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){.chunk = arena->top,
                               .used = arena->top ? arena->top->used : 0};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->top != mark.chunk) {
        struct arena_chunk *chunk = arena->top;
        arena->top = chunk->below;
        free(chunk);
    }
    if (arena->top)
        arena->top->used = mark.used;
}

void arena_free(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){0});
}

void *grow(void *old, size_t count, size_t size)
{
    void *block = reallocarray(old, count ? count : 1, size);
    if (!block)
        out_of_memory();
    return block;
}
