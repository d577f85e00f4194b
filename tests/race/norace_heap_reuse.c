/* A block that is freed here and handed out there is a new block: the allocator's order is
 * no order, and the old block's accesses are nobody's. */
#include "pair.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 200

static void use(size_t size)
{
    char *block = malloc(size);
    memset(block, 1, size);
    free(block);
    block = calloc(1, size);
    CHECK_EQ(block[size - 1], 0);
    block[0] = 1;
    free(block);
    CHECK_EQ(posix_memalign((void **)&block, 64, size), 0);
    block[0] = 1;
    free(block);
    block = aligned_alloc(64, 64);
    block[63] = 1;
    free(block);
}

static void first(void)
{
    for (int i = 0; i < ROUNDS; i++)
        use(1000 + 3000 * (i % 2));
}

static void second(void)
{
    first();
}

int main(void)
{
    pair_at_once();
    pair_in_order();
}
