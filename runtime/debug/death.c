#include "debug/death.h"

#include "base/panic.h"
#include "debug/capture.h"
#include "debug/chrome.h"
#include "debug/level.h"
#include "debug/symbols.h"
#include "debug/traceback.h"
#include "events/events.h"
#include "os/clock.h"
#include "os/signal.h"
#include "os/thread.h"
#include "sched/claim.h"

/* For the threads in the runtime to come to where they stay: what Go's freezetheworld waits. */
#define SETTLE_NS INT64_C(1000000)

void goc__death_print(const struct g *g, const struct frames *frames, bool others)
{
    event_internal_begin();
    goc__traceback_take();
    goc__claim_freeze();
    if (others) {
        goc__clock_sleep_until(goc__clock_now() + SETTLE_NS);
        goc__capture_all();
        goc__traceback_add_others(g);
    }
    if (frames != NULL)
        goc__traceback_add(g, frames);
    goc__symbols_resolve();
    if (frames != NULL)
        goc__traceback_running(g, frames);
    if (others)
        goc__traceback_others(g);
    event_internal_end();
}

void goc__panic_print_stacks(enum panic_kind kind)
{
    static struct frames frames;
    if (goc__level() == LEVEL_NONE)
        return;
    const struct g *g = load_relaxed(&goc__m()->g);
    const struct m *m = goc__m();
    goc__frames_prepare();
    goc__frames_here(g, &frames);
    /* Without a goroutine of its own the scheduler found it: only the others count. */
    bool mine = g != NULL || m->is_thread;
    goc__death_print(g, mine ? &frames : NULL,
                     kind == PANIC_FATAL || goc__level() >= LEVEL_ALL);
}

int goc__panic_exit_status(int status)
{
    goc__chrome_write();
    status = event_exit_status(status);
    if (goc__level() == LEVEL_CRASH) {
        goc__signals_default(SIGABRT);
        goc__signals_send(goc__thread_id(), SIGABRT);
    }
    return status;
}
