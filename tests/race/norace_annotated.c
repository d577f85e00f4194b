/* Functions that say goc_norace are not checked; TSan reads words of its own. */
#include "pair.h"

int shared;

__attribute__((noinline, no_sanitize("thread"), annotate("goc_norace"))) static void
add(void)
{
    shared++;
}

static void first(void)
{
    add();
}

static void second(void)
{
    add();
}

int main(void)
{
    pair_in_order();
}
