/* A child of fork goes on with its parent's detector, and alone: nobody is in the midst of a change
 * when the memory is copied, and the child's number and threads are its own.
 *
 * fork runs the handlers of pthread_atfork; _Fork, which signal handlers may call, runs none.
 */
#include "entry/fork.h"

#include "base/out.h"
#include "base/tid.h"
#include "entry/handlers.h"
#include "intercept/boot.h"
#include "intercept/next.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void fork_begin(void)
{
    race__signal_sent(SIGCHLD); // by the child's end
    race__fork_begin_threads();
    race__fork_begin_barriers();
    race__fork_begin_openmp();
    race__fork_begin_watches();
    race__fork_begin();
    race__tid_forks(true);
}

static void fork_end(bool is_child)
{
    race__tid_forks(false);
    race__fork_end(is_child);
    race__fork_end_watches();
    race__fork_end_openmp();
    race__fork_end_barriers();
    race__fork_end_threads();
}

static void fork_parent(void)
{
    fork_end(false);
}

static void fork_child(void)
{
    fork_end(true);
    race__fork_child_exit();
    race__fork_child_files();
}

RACE_NEXT(_Fork)

RACE_INTERCEPT pid_t _Fork(void)
{
    fork_begin();
    pid_t child = next__Fork()();
    if (child == 0)
        fork_child();
    else
        fork_parent();
    return child;
}

void race__boot_fork(void)
{
    if (pthread_atfork(fork_begin, fork_parent, fork_child) != 0)
        race__warn("a forked child may hang: pthread_atfork failed");
}
