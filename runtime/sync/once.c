/* Once: the first call runs f, every other one waits until that has returned.
 *
 * DONE is set after f and never cleared: acquire on every call pairs with the release after f.
 * Its value says more to goc/sync_inline.h: that a call need not be heard of any more.
 * The mutex lets the callers that come meanwhile wait.  When f ends its goroutine or panics
 * instead of returning, that counts as its return, as in Go.
 */
#include "base/atomic.h"
#include "base/list.h"
#include "events/events.h"
#include "sched/defer.h"
#include "sync/mutex.h"

#include <goc/sync_inline.h>

enum {
    DONE_UNHEARD = 1,
    DONE_HEARD = 2,
#ifdef GOC_RACE
    DONE = DONE_HEARD,
#else
    DONE = DONE_UNHEARD,
#endif
};

struct call {
    struct defer defer;
    goc_once *once;
};

static void finish(struct defer *defer)
{
    goc_once *once = LIST_OBJECT(defer, struct call, defer)->once;
    event_release(&once->done);
    store_release(&once->done, (uint32_t)DONE);
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
    event_use(once, EVENT_CALLER_PC());
    if (!load_acquire(&once->done))
        do_slow(once, f);
    event_acquire(&once->done);
}

void goc__once_do_call(goc_once *once, void (*f)(void))
    __attribute__((__alias__("goc_once_do")));
