/* The number of the calling thread, by which libc notes who owns a mutex.
 *
 * Unlocking a recursive mutex asks for it, so it is kept a thread.  A child of fork has
 * another number than the thread that forked: from race__tid_forks(true) on until
 * race__tid_forks(false), in parent and child, nothing is kept.
 */
#ifndef GOC_DETECTOR_BASE_TID_H
#define GOC_DETECTOR_BASE_TID_H

#include "base/compiler.h"
#include "base/sys.h"

#include <stdbool.h>

#define RACE_TID_FORKS (-1)

/* The thread's: 0 unknown, or RACE_TID_FORKS. */
extern RACE_THREAD_LOCAL int race__tid_kept;

static inline int race__tid(void)
{
    int tid = race__tid_kept;
    if (likely(tid > 0))
        return tid;
    tid = race__gettid();
    if (race__tid_kept != RACE_TID_FORKS)
        race__tid_kept = tid;
    return tid;
}

/* The calling thread is about to fork; or has, or is the child. */
static inline void race__tid_forks(bool forks)
{
    race__tid_kept = forks ? RACE_TID_FORKS : 0;
}

#endif
