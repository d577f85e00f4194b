/* Interfaces and methods as C programs write them: a value beside the functions of its type. */
#ifndef TESTS_RACE_GO_VALUES_H
#define TESTS_RACE_GO_VALUES_H

#include "cases.h"

struct value;

struct type {
    const char *name;
    void (*foo)(struct value self, long argument);
};

/* Go's any: what it is, and the value itself or where it is. */
struct value {
    const struct type *type;
    union {
        long number;
        void *place;
    };
};

__attribute__((__noinline__)) static void foo(struct value self, long argument)
{
    use(self.number + argument);
}

static const struct type int_type = {"int", foo};
static const struct type pointer_type = {"*int", foo};

static inline struct value value_of(long number)
{
    return (struct value){&int_type, {number}};
}

static inline struct value value_at(void *place)
{
    return (struct value){&pointer_type, {.place = place}};
}

static inline void use_value(struct value value)
{
    use_pointer(value.type);
    use(value.number);
}

#endif
