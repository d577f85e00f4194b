/* <stdlib.h>'s sorting and <search.h>'s trees.  What compares is the program's, and checked as
 * such; what libc moves and links is here.  A tree is one object, its root: who changes it writes
 * that, who looks for something reads it. */
#include "intercept/libc.h"

RACE_EXPORT void goc_race_libc_qsort(void *base, size_t count, size_t size,
                                     __compar_fn_t compare)
{
    race__write(base, count * size, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), qsort(base, count, size, compare));
}

RACE_EXPORT void goc_race_libc_qsort_r(void *base, size_t count, size_t size,
                                       __compar_d_fn_t compare, void *argument)
{
    race__write(base, count * size, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), qsort_r(base, count, size, compare, argument));
}

RACE_EXPORT void *goc_race_libc_tsearch(const void *key, void **root,
                                        __compar_fn_t compare)
{
    race__write(root, sizeof *root, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), void *node = tsearch(key, root, compare));
    return node;
}

RACE_EXPORT void *goc_race_libc_tfind(const void *key, void *const *root,
                                      __compar_fn_t compare)
{
    race__read((const void *)root, sizeof *root, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), void *node = tfind(key, root, compare));
    return node;
}

RACE_EXPORT void *goc_race_libc_tdelete(const void *restrict key, void **restrict root,
                                        __compar_fn_t compare)
{
    race__write(root, sizeof *root, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), void *node = tdelete(key, root, compare));
    return node;
}
