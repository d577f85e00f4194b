/* Thread-local variables and errno are each thread's own. */
#include "pair.h"

#include <errno.h>
#include <stdlib.h>

_Thread_local int own;

static void first(void)
{
    own++;
    errno = 0;
    CHECK_EQ(strtol("999999999999999999999999", NULL, 10), __LONG_MAX__);
    CHECK_EQ(errno, ERANGE);
    CHECK_EQ(own, 1);
}

static void second(void)
{
    first();
}

int main(void)
{
    pair_in_order();
}
