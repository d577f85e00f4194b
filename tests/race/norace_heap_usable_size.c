/* A program may use as many bytes of a block as malloc_usable_size says. */
// BEYOND TSAN: of a block of no bytes it says one, which its marks do not know
#include "pair.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local char *volatile block; // so that no call is left out

/* What was there before was larger, and has been freed. */
static void use_all(size_t before, size_t size)
{
    block = malloc(before);
    memset(block, 1, before);
    free(block);
    block = malloc(size);
    CHECK(malloc_usable_size(block) >= size);
    memset(block, 2, malloc_usable_size(block));
    block = realloc(block, size + 8);
    memset(block, 3, malloc_usable_size(block));
    free(block);
}

static void first(void)
{
    use_all(40, 30);
    use_all(24, 0);
}

static void second(void)
{
    use_all(40, 30);
    use_all(24, 0);
}

int main(void)
{
    first();
    CHECK_EQ(malloc_usable_size(NULL), 0);
    pair_in_order();
}
