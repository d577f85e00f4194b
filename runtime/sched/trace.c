#include "sched/trace.h"

#include "base/knobs.h"
#include "base/print.h"
#include "sched/runq.h"
#include "sched/sched.h"

#include <stdio.h>

enum { NS_PER_MS = 1000000, LENGTHS_BYTES = 2048 };

static int64_t first; /* monitor: when the first call came */
static int64_t next;  /* monitor: when the next line is due */

/* The length of each P's queue, as many as fit. */
static void print_lengths(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    uint32_t limit = load_relaxed(&goc__sched.limit);
    uint32_t count = load_acquire(&goc__sched.proc_count); /* may be behind, or ahead */
    if (count > limit)
        count = limit;
    for (uint32_t i = 0; i < count && used + 12 < size; i++) {
        const struct p *p = load_relaxed(&goc__sched.procs[i]);
        uint32_t length = goc__runq_length(p) + load_relaxed(&p->newborn_count) +
                          (load_relaxed(&p->runnext) != NULL);
        used += (size_t)snprintf(text + used, size - used, i > 0 ? " %u" : "%u", length);
    }
}

void goc__trace(int64_t now)
{
    int64_t period = goc__knobs.schedtrace * NS_PER_MS;
    if (period == 0)
        return;
    if (first == 0) {
        first = now;
        next = now + period;
    }
    if (now < next)
        return;
    next = now + period;
    char lengths[LENGTHS_BYTES];
    print_lengths(lengths, sizeof lengths);
    goc__lock(&goc__sched.lock);
    uint32_t m_count = goc__sched.m_count;
    uint32_t idle_ms = goc__sched.idle_m_count;
    goc__unlock(&goc__sched.lock);
    goc__print("SCHED %lldms: gomaxprocs=%u idleprocs=%u threads=%u spinningthreads=%u "
               "hogs=%u idlethreads=%u runqueue=%u [%s]\n",
               (long long)((now - first) / NS_PER_MS), load_relaxed(&goc__sched.limit),
               load_relaxed(&goc__sched.idle_p_count), m_count,
               load_relaxed(&goc__sched.spinning), load_relaxed(&goc__sched.hogs),
               idle_ms, load_relaxed(&goc__sched.queued), lengths);
}
