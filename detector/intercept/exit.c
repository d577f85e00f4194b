/* The ends of a process, each of which goes past goc_race_exit: a program that raced ends
 * with exitcode= (66), whatever way it took.
 *
 *   return from main, exit    on_exit, registered before anything else and therefore run
 *                             last: behind the program's atexit functions and behind
 *                             every destructor, all of which are still checked
 *   quick_exit                the same with at_quick_exit; the status is noted on the way
 *   _exit, _Exit              intercepted
 *
 * A child of vfork runs in its parent's memory and must not end the parent's record.
 */
#include "base/out.h"
#include "base/sys.h"
#include "intercept/boot.h"
#include "intercept/next.h"

#include <goc/race.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

RACE_NEXT(quick_exit)

static int process;      // const but for fork: whose exit counts
static int quick_status; // atomic: what quick_exit was called with

bool race__is_own_process(void)
{
    return race__getpid() == process;
}

static int final_status(int status)
{
    return race__is_own_process() ? goc_race_exit(status) : status;
}

static void at_exit(int status, void *unused)
{
    (void)unused;
    int final = final_status(status);
    if (final == status)
        return;
    /* libc would write out its streams after us. */
    (void)fflush(NULL);
    race__exit_process(final);
}

static void at_quick(void)
{
    race__exit_process(final_status(load_relaxed(&quick_status)));
}

void race__boot_exit(void)
{
    process = race__getpid();
    if (on_exit(at_exit, NULL) != 0 || at_quick_exit(at_quick) != 0)
        race__warn("the exit status will not say whether there was a race");
}

void race__fork_child_exit(void)
{
    process = race__getpid();
}

RACE_INTERCEPT _Noreturn void _exit(int status)
{
    race__exit_process(final_status(status));
}

RACE_INTERCEPT _Noreturn void _Exit(int status)
{
    race__exit_process(final_status(status));
}

RACE_INTERCEPT _Noreturn void quick_exit(int status)
{
    store_relaxed(&quick_status, status);
    next_quick_exit()(status);
    __builtin_unreachable();
}
