/* Goroutines that wait for each other when main returns.  Anybody may unlock a goc_mutex,
 * so only the end says that nobody has. */
#include <goc.h>
#include <goc/sync.h>

static goc_mutex a;
static goc_mutex b;
static goc_waitgroup locked;

static void nest(goc_mutex *outer, goc_mutex *inner)
{
    goc_mutex_lock(outer);
    goc_waitgroup_done(&locked);
    goc_waitgroup_wait(&locked);
    goc_mutex_lock(inner);
}

// CHECK-DAG: fatal error: all goroutines are asleep - deadlock!
// CHECK-DAG: WARNING: DEADLOCK
// CHECK-DAG: waits for goc_mutex 'a' at:
// CHECK-DAG: holds goc_mutex 'b', taken at:
// CHECK-DAG: waits for goc_mutex 'b' at:
// CHECK-DAG: holds goc_mutex 'a', taken at:
int main(void)
{
    chan(int) never = chan_make(int, 0);
    goc_waitgroup_add(&locked, 2);
    go nest(&a, &b);
    go nest(&b, &a);
    chan_recv(never);
}
