/* What asks ThreadSanitizer to leave it alone is left alone by goc's detector as well. */
#include "pair.h"

int shared;

__attribute__((noinline, no_sanitize("thread"))) static void add(void)
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
