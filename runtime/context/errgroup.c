/* Errgroup: a WaitGroup, a semaphore of places, and the first error.
 *
 * After golang.org/x/sync/errgroup. */
#include "base/atomic.h"
#include "base/list.h"
#include "base/panic.h"
#include "os/error.h"
#include "sched/defer.h"

#include <goc/errgroup.h>
#include <goc/go.h>
#include <stddef.h>

struct task {
    goc_errgroup *group;
    int (*f)(void *argument);
    void *argument;
    struct defer defer;
};

goc_context *goc_errgroup_with_context(goc_errgroup *group, goc_context *parent)
{
    group->context = goc_context_with_cancel(parent);
    return goc_context_retain(group->context);
}

void goc_errgroup_set_limit(goc_errgroup *group, int n)
{
    if (group->limited && group->places.held != 0)
        goc__panicf("errgroup: modify limit while %lld goroutines in the group are still "
                    "active",
                    (long long)group->places.held);
    group->limited = n >= 0;
    group->places = (goc_semaphore)GOC_SEMAPHORE_INIT(n);
}

/* Also when F has ended its goroutine. */
static void finish(struct defer *defer)
{
    goc_errgroup *group = LIST_OBJECT(defer, struct task, defer)->group;
    if (group->limited)
        goc_semaphore_release(&group->places, 1);
    goc_waitgroup_done(&group->wg);
}

static void run(void *argument)
{
    struct task *task = argument;
    goc_errgroup *group = task->group;
    goc__defer_push(&task->defer, finish);
    int error = task->f(task->argument);
    int none = 0;
    /* relaxed: the WaitGroup orders it before wait's look. */
    if (error != 0 && cas_relaxed(&group->error, &none, error) && group->context)
        goc_context_cancel_cause(group->context, error);
    goc__defer_pop(&task->defer);
    finish(&task->defer);
}

static void start(goc_errgroup *group, int (*f)(void *argument), void *argument)
{
    struct task task = {.group = group, .f = f, .argument = argument};
    goc_waitgroup_add(&group->wg, 1);
    goc_go(run, &task, sizeof task);
}

void goc_errgroup_go(goc_errgroup *group, int (*f)(void *argument), void *argument)
{
    if (group->limited)
        goc_semaphore_acquire(&group->places, 1);
    start(group, f, argument);
}

bool goc_errgroup_trygo(goc_errgroup *group, int (*f)(void *argument), void *argument)
{
    if (group->limited && !goc_semaphore_tryacquire(&group->places, 1))
        return false;
    start(group, f, argument);
    return true;
}

int goc_errgroup_wait(goc_errgroup *group)
{
    goc_waitgroup_wait(&group->wg);
    int error = load_relaxed(&group->error);
    if (group->context) {
        goc_context_cancel_cause(group->context, error ? error : -ECANCELED);
        goc_context_release(group->context);
        group->context = NULL;
    }
    store_relaxed(&group->error, 0);
    return error;
}
