/* Pages that are unmapped here and mapped again there are new memory. */
#include "pair.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define SIZE (64 * 1024)

static _Atomic(char *) pages; // relaxed, to say where without any order

static void use(char *mine)
{
    for (int i = 0; i < SIZE; i += 8)
        mine[i] = 1;
    CHECK_EQ(munmap(mine, SIZE), 0);
}

static void first(void)
{
    char *mine =
        mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mine != MAP_FAILED);
    atomic_store_explicit(&pages, mine, memory_order_relaxed);
    use(mine);
}

static void second(void)
{
    char *wanted = atomic_load_explicit(&pages, memory_order_relaxed);
    char *mine = mmap(wanted, SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (mine == wanted)
        use(mine);
}

int main(void)
{
    pair_in_order();
}
