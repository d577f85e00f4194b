#include "sched/fork.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "base/start.h"
#include "os/process.h"
#include "sched/gmp.h"
#include "sched/sched.h"

AT_START static bool forked; /* const once a child runs, which has one thread */

/* In the child: no P has an id left, so that a go statement asks for one and comes to
 * goc__fork_check, and others pay nothing for that. */
static void on_child(void)
{
    forked = true;
    uint32_t count = load_relaxed(&goc__sched.proc_count);
    for (uint32_t i = 0; i < count; i++) {
        struct p *p = load_relaxed(&goc__sched.procs[i]);
        p->next_id = p->end_id;
    }
}

void goc__fork_start(void)
{
    goc__process_at_fork(on_child);
}

void goc__fork_check(void)
{
    if (UNLIKELY(forked))
        goc__fatal("go statement in a child of fork whose parent had goroutines: "
                   "exec, or fork before the first go");
}
