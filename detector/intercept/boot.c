/* Where the interceptors start: in .preinit_array, which the dynamic linker runs before
 * the constructors of all libraries.  Only a program has one; so do the libraries that
 * contain this file end up in programs only.
 */
#include "intercept/boot.h"

#include "base/out.h"
#include "base/tid.h"
#include "entry/boot.h"
#include "entry/fork.h"
#include "entry/handlers.h"
#include "intercept/next.h"

#include <pthread.h>
#include <signal.h>

static void fork_begin(void)
{
    race__signal_sent(SIGCHLD); // by the child's end
    race__fork_begin_threads();
    race__fork_begin_barriers();
    race__fork_begin();
    race__tid_forks(true);
}

static void fork_end(bool is_child)
{
    race__tid_forks(false);
    race__fork_end(is_child);
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

static void boot(void)
{
    race__next_all();
    race__boot();
    race__boot_exit();
    race__boot_files();
    race__boot_threads();
    if (pthread_atfork(fork_begin, fork_parent, fork_child) != 0)
        race__warn("a forked child may hang: pthread_atfork failed");
}

__attribute__((__section__(".preinit_array"),
               __used__)) static void (*const first)(void) = boot;
