/* One generator a thread.  A goroutine may use another one at each call: the address of
 * the thread's own is taken anew inside a function that is never inlined and never parks.
 */
#include "sched/random.h"

#include "base/rand.h"
#include "os/clock.h"

static _Thread_local struct rand generator __attribute__((__tls_model__("initial-exec")));

/* Apart from thread to thread by the address, from run to run by the clock. */
__attribute__((__noinline__, __cold__)) static void seed(struct rand *rand)
{
    rand_seed(rand, (uint64_t)goc__clock_now() ^ (uint64_t)(uintptr_t)rand);
}

__attribute__((__noinline__)) uint32_t goc__random_below(uint32_t bound)
{
    struct rand *rand = &generator;
    if (rand->state == 0)
        seed(rand);
    return rand_below(rand, bound);
}
