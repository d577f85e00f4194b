/* Holding every lock, in the order in which they nest. */
#include "entry/fork.h"

#include "base/lock.h"
#include "entry/boot.h"
#include "entry/threads.h"
#include "record/error.h"
#include "record/journal.h"
#include "record/seen.h"
#include "state/forked.h"
#include "state/limit.h"
#include "state/moment.h"
#include "state/nesting.h"
#include "state/phase.h"
#include "state/shadow.h"
#include "state/slab.h"
#include "state/storage.h"
#include "state/strand.h"
#include "state/waiting.h"

static bool was_busy; // of the thread that forks; one does at a time: the journal's lock

void race__fork_begin(void)
{
    if (!race__is_up())
        return;
    bool busy = race__self.busy;
    race__self.busy = true;
    race__journal_lock();
    was_busy = busy;
    race__threads_hold(true);
    race__strands_hold(true);
    race__waits_hold(true);
    race__shadow_hold(true);
    race__moment_hold(true);
    race__nesting_hold(true);
    race__phase_hold(true);
    race__slab_hold(true);
}

void race__fork_end(bool is_child)
{
    if (!race__is_up())
        return;
    if (is_child) {
        const goc_strand *strand = race__self.strand;
        bool is_handler = strand != NULL && strand->host != NULL;
        race__forked(is_handler ? strand->host : strand);
        race__seen_forked();
        race__errors_forked();
        race__lock_orphans();
        race__waits_drop();
        race__threads_forked();
        race__limit_forked();
        race__window_forked();
    }
    race__slab_hold(false);
    race__phase_hold(false);
    race__nesting_hold(false);
    race__moment_hold(false);
    race__shadow_hold(false);
    race__waits_hold(false);
    race__strands_hold(false);
    race__threads_hold(false);
    if (is_child)
        race__storage_forked();
    bool busy = was_busy;
    race__journal_unlock();
    race__self.busy = busy;
}
