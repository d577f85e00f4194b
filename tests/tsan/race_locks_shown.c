/* Each access held a lock, and not the same. */
#include "barrier.h"

#include <goc.h>

static goc_mutex one;
static goc_mutex other;
static int shared;
static struct barrier gate;

static void first(void)
{
    goc_mutex_lock(&one);
    shared++;
    goc_mutex_unlock(&one);
    barrier_arrive(&gate);
}

int main(void)
{
    go first();
    while (!barrier_reached(&gate, 1))
        goc_yield();
    goc_mutex_lock(&other);
    shared++;
    goc_mutex_unlock(&other);
}

// CHECK: {{Read|Write}} of size 4 {{.*}} by main goroutine:
// CHECK: holding goc_mutex [[OTHER:0x[0-9a-f]+|'other']], taken at {{.*}}race_locks_shown.c:24:5 in main
// CHECK: Previous write of size 4
// CHECK: holding goc_mutex [[ONE:0x[0-9a-f]+|'one']]
// CHECK: to order them: they hold different locks, goc_mutex [[OTHER]] and goc_mutex [[ONE]]: guard 'shared' with the same one everywhere.
