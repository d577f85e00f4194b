/* Once: the first call runs f, every other one waits until that has returned.
 *
 * DONE is set after f has returned and never cleared: acquire on every call pairs with the
 * release after f.  The mutex lets the callers that come meanwhile wait.
 */
#include "base/atomic.h"
#include "events/events.h"
#include "sync/mutex.h"

__attribute__((__noinline__)) static void do_slow(goc_once *once, void (*f)(void))
{
    goc__mutex_lock(&once->mutex, WAIT_MUTEX, once);
    if (!once->done) { /* written under the mutex only */
        f();
        event_release(&once->done);
        store_release(&once->done, 1);
    }
    goc__mutex_unlock(&once->mutex);
}

void goc_once_do(goc_once *once, void (*f)(void))
{
    if (!load_acquire(&once->done))
        do_slow(once, f);
    event_acquire(&once->done);
}
