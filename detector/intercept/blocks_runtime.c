/* Block literals: the counts that libBlocksRuntime keeps of a block's and a __block variable's
 * users.
 *
 * Who gives up a use has done with what the block holds, and the last of them frees it, whoever
 * that is.  The count goes down by an atomic read-modify-write inside the library, which
 * nobody instruments: so each use given up is, to every detector, one on the object's address.
 */
#include "intercept/next.h"

#include <goc/race.h>

void _Block_release(const void *block);
void _Block_object_dispose(const void *object, const int flags);

RACE_NEXT(_Block_release)
RACE_NEXT(_Block_object_dispose)

/* The blocks ABI (clang's Block-ABI-Apple): what a field that is disposed of is … */
#define FIELD_IS_BLOCK 7
#define FIELD_IS_BYREF 8
#define FIELD_KIND_MASK 15

/* … and how a __block variable begins: the one on the stack points to the one on the heap. */
struct byref {
    void *isa;
    const struct byref *forwarding;
};

RACE_INTERCEPT void _Block_release(const void *block)
{
    if (block != NULL)
        goc_race_release_acquire(block);
    next__Block_release()(block);
}

RACE_INTERCEPT void _Block_object_dispose(const void *object, const int flags)
{
    int kind = flags & FIELD_KIND_MASK;
    if (object != NULL && kind == FIELD_IS_BYREF)
        goc_race_release_acquire(((const struct byref *)object)->forwarding);
    else if (object != NULL && kind == FIELD_IS_BLOCK)
        goc_race_release_acquire(object);
    next__Block_object_dispose()(object, flags);
}
