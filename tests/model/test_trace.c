/* The scheduler's trace, which looks at Ps while others make them and use them. */
#include "base/knobs.h"
#include "model.h"
#include "os/clock.h"
#include "sched/boot.h"
#include "sched/sched.h"
#include "sched/trace.h"

#include <goc/go.h>

enum { PERIOD_MS = 1, NS_PER_MS = 1000000 };

static void more_ps(void *unused)
{
    (void)unused;
    goc_maxprocs(4);
}

/* The monitor's: the second call is due. */
static void trace(void *unused)
{
    (void)unused;
    int64_t now = goc__clock_now();
    goc__trace(now);
    goc__trace(now + (int64_t)PERIOD_MS * NS_PER_MS);
}

static void a_trace_against_new_ps(void)
{
    goc__knobs.schedtrace = PERIOD_MS;
    store_relaxed(&goc__boot_phase, (uint32_t)BOOT_STARTED);
    store_relaxed(&goc__sched.spinning, 1u); /* somebody looks: nobody is woken */
    model_thread(more_ps, NULL);
    model_thread(trace, NULL);
    model_join();
}

int main(void)
{
    model_explore("trace: against new Ps", a_trace_against_new_ps, 2, 1);
}
