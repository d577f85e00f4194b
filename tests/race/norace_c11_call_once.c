/* call_once orders its function before every call's return; destructors of tss_t run as
 * their thread. */
#include "pair.h"

#include <threads.h>

int shared;
static int destroyed;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;

static void make(void)
{
    shared = 1;
}

static void destroy(void *value)
{
    destroyed = *(int *)value;
}

static void first(void)
{
    call_once(&flag, make);
    tss_set(key, &shared);
}

static void second(void)
{
    call_once(&flag, make);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    CHECK_EQ(tss_create(&key, destroy), thrd_success);
    pair_in_order();
    CHECK_EQ(destroyed, 1);
}
