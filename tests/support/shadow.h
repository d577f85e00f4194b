/* Shadow memory for unit tests, some of which are linked with a detector that has begun. */
#ifndef GOC_TESTS_SHADOW_H
#define GOC_TESTS_SHADOW_H

#include "base/pages.h"
#include "state/shadow.h"

static inline void test_shadow_init(void)
{
    if (goc_race_shadow.base == NULL)
        race__shadow_init(race__pages_reserve(RACE_CELLS_BYTES, "cells"));
}

#endif
