/* A mapping has whole pages, whatever was asked for, and they all go with it: what is mapped there
 * next is new.  So is what shrinks and grows again. */
// BEYOND TSAN: it forgets as many bytes as were asked for.
#include "pair.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { SIZE = 100, AT = 200, PAGES = 3 * 4096 };

static _Atomic(char *) pages; // relaxed, to say where without any order
static char *shrunk;

static char *map(char *wanted, size_t size, int flags)
{
    return mmap(wanted, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags,
                -1, 0);
}

static void use(char *mine)
{
    mine[AT] = 1;
    CHECK_EQ(munmap(mine, SIZE), 0);
}

static void first(void)
{
    char *mine = map(NULL, SIZE, 0);
    CHECK(mine != MAP_FAILED);
    atomic_store_explicit(&pages, mine, memory_order_relaxed);
    shrunk[PAGES - 1] = 1;
    CHECK(mremap(shrunk, PAGES, SIZE, 0) == shrunk);
    use(mine);
}

static void second(void)
{
    char *wanted = atomic_load_explicit(&pages, memory_order_relaxed);
    char *mine = map(wanted, SIZE, MAP_FIXED_NOREPLACE);
    if (mine == wanted)
        use(mine);
    if (mremap(shrunk, SIZE, PAGES, 0) == shrunk)
        shrunk[PAGES - 1] = 1;
}

int main(void)
{
    shrunk = map(NULL, PAGES, 0);
    CHECK(shrunk != MAP_FAILED);
    pair_in_order();
}
