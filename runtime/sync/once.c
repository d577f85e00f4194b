/* Once: the first call runs f, every other one waits until that has returned.
 *
 * DONE is set after f and never cleared: acquire on every call pairs with the release after f.
 * The mutex lets the callers that come meanwhile wait.  When f ends its goroutine instead of
 * returning, that counts as its return, as in Go.
 */
#include "base/atomic.h"
#include "base/list.h"
#include "events/events.h"
#include "sched/defer.h"
#include "sync/mutex.h"

struct call {
    struct defer defer;
    goc_once *once;
};

static void finish(struct defer *defer)
{
    goc_once *once = LIST_OBJECT(defer, struct call, defer)->once;
    event_release(&once->done);
    store_release(&once->done, 1);
    goc__mutex_unlock(&once->mutex);
}

__attribute__((__noinline__)) static void do_slow(goc_once *once, void (*f)(void))
{
    goc__mutex_lock(&once->mutex, WAIT_MUTEX, once);
    if (once->done) { /* written under the mutex only */
        goc__mutex_unlock(&once->mutex);
        return;
    }
    struct call call = {.once = once};
    goc__defer_push(&call.defer, finish);
    f();
    goc__defer_pop(&call.defer);
    finish(&call.defer);
}

void goc_once_do(goc_once *once, void (*f)(void))
{
    if (!load_acquire(&once->done))
        do_slow(once, f);
    event_acquire(&once->done);
}
