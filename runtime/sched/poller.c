#include "sched/poller.h"

#include "os/thread.h"

#include <stddef.h>

enum { SPINS_MAX = 100 };

/* Who asks. */
enum { NOBODY, LOOKER, SLEEPER };

uint32_t goc__poller_waiting;

static const struct poller *known; // atomic, release
static uint32_t asks;              // atomic: the poller's lock, one of the three above
static int64_t last_look;          // atomic, relaxed

void goc__poller_set(const struct poller *poller)
{
    store_release(&known, poller);
}

bool goc__poller_lacks(void)
{
    return goc__poller_wanted() && load_relaxed(&asks) != SLEEPER;
}

static bool look(int64_t now)
{
    uint32_t nobody = NOBODY;
    if (load_relaxed(&asks) != NOBODY || !cas_acquire(&asks, &nobody, (uint32_t)LOOKER))
        return false;
    store_relaxed(&last_look, now);
    const struct poller *poller =
        load_relaxed(&known); /* there: the caller has seen it */
    bool events = poller->wait(0);
    if (events)
        poller->deliver();
    store_release(&asks, (uint32_t)NOBODY);
    return events;
}

bool goc__poller_look(int64_t now)
{
    return goc__poller_wanted() && look(now);
}

void goc__poller_empty(int64_t now)
{
    if (load_acquire(&known) != NULL)
        look(now);
}

void goc__poller_flush(uint32_t p)
{
    if (goc__poller_wanted())
        load_relaxed(&known)->flush(p);
}

int goc__poller_descriptor(void)
{
    const struct poller *poller = load_acquire(&known);
    return poller != NULL ? poller->descriptor() : -1;
}

bool goc__poller_look_if_late(int64_t now, int64_t late)
{
    return goc__poller_lacks() && now - load_relaxed(&last_look) >= late &&
           goc__poller_look(now);
}

/* Who merely looks is done in a moment, and may look on behalf of nobody who could sleep
 * there: the monitor.  So wait for it, lest all Ms sleep elsewhere. */
bool goc__poller_claim(void)
{
    if (!goc__poller_wanted())
        return false;
    for (int i = 0;; i++) {
        uint32_t expected = NOBODY;
        if (cas_acquire(&asks, &expected, (uint32_t)SLEEPER))
            return true;
        if (expected == SLEEPER)
            return false;
        if (i < SPINS_MAX)
            cpu_relax();
        else
            goc__thread_yield(); /* the looker may wait for this very CPU */
    }
}

void goc__poller_release(void)
{
    store_release(&asks, (uint32_t)NOBODY);
}

bool goc__poller_sleep(int64_t until)
{
    return load_relaxed(&known)->wait(until);
}

void goc__poller_deliver(void)
{
    load_relaxed(&known)->deliver();
}
