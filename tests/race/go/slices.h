/* Slices and strings as C programs write them: a place, a length, a capacity; by value. */
#ifndef TESTS_RACE_GO_SLICES_H
#define TESTS_RACE_GO_SLICES_H

#include "cases.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct slice {
    char *data;
    size_t size; /* of an element */
    size_t len;
    size_t cap;
};

static inline struct slice slice_with(size_t size, size_t len, size_t cap)
{
    char *data = calloc(cap > 0 ? cap : 1, size);
    use_pointer(
        data); /* so that the compiler keeps what is written there and read by nobody */
    return (struct slice){data, size, len, cap};
}

static inline struct slice slice_make(size_t size, size_t len)
{
    return slice_with(size, len, len);
}

/* The place of element INDEX; `AT(s, i, int) = 1;` */
#define AT(s, index, T) (((T *)(s).data)[index])

/* S from FROM to TO, of the same memory. */
static inline struct slice slice_of(struct slice s, size_t from, size_t to)
{
    return (struct slice){s.data + from * s.size, s.size, to - from, s.cap - from};
}

/* S and behind it the COUNT elements at MORE: in S's memory where they fit, else in new. */
static inline struct slice slice_append(struct slice s, const void *more, size_t count)
{
    if (s.len + count > s.cap) {
        char *grown = calloc(2 * (s.len + count), s.size);
        memcpy(grown, s.data, s.len * s.size);
        s.data = grown;
        s.cap = 2 * (s.len + count);
    }
    memcpy(s.data + s.len * s.size, more, count * s.size);
    s.len += count;
    return s;
}

static inline struct slice slice_append_all(struct slice s, struct slice more)
{
    return slice_append(s, more.data, more.len);
}

/* As many elements as both have; they may overlap. */
static inline void slice_copy(struct slice to, struct slice from)
{
    size_t count = to.len < from.len ? to.len : from.len;
    memmove(to.data, from.data, count * to.size);
}

/* Bytes that do not change, and how many. */
struct string {
    const char *data;
    size_t len;
};

#define STRING(literal) ((struct string){literal, sizeof(literal) - 1})

static inline struct string string_of(struct slice s)
{
    char *copy = calloc(s.len + 1, s.size);
    memcpy(copy, s.data, s.len * s.size);
    return (struct string){copy, s.len * s.size};
}

static inline struct string string_concat(struct string a, struct string b)
{
    char *sum = calloc(a.len + b.len + 1, 1);
    memcpy(sum, a.data, a.len);
    memcpy(sum + a.len, b.data, b.len);
    return (struct string){sum, a.len + b.len};
}

static inline int string_equal(struct string a, struct string b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

#endif
