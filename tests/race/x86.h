/* Races of x86's own instructions: the program is no test on a processor without them. */
#ifndef TESTS_RACE_X86_H
#define TESTS_RACE_X86_H

#include "pair.h"

#include <immintrin.h>
#include <stdlib.h>

enum { NOT_HERE = 77 };

/* FEATURE of __builtin_cpu_supports, a literal. */
#define NEEDS(feature)                                                                   \
    do                                                                                   \
        if (!__builtin_cpu_supports(feature))                                            \
            exit(NOT_HERE);                                                              \
    while (0)

#endif
