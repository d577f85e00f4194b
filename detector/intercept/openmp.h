/* What the files about OpenMP share: openmp.c, openmp_tasks.c, openmp_calls.c.
 *
 * A team and its barriers, a task, a group of tasks: each is an object whose words are the places
 * at which order is left (goc_race_release_merge) and found (goc_race_acquire).
 */
#ifndef GOC_INTERCEPT_OPENMP_H
#define GOC_INTERCEPT_OPENMP_H

#include "base/atomic.h"

#include <stdbool.h>
#include <stdint.h>

/* The threads of a parallel region.  It goes with the region. */
struct race__team {
    uint64_t fork;      // place: before the region
    uint64_t rounds[2]; // places: arrivals at barriers of even and odd numbers
    uint64_t reduction; // place: values that reductions have gathered
    uint64_t ordered;   // place: ordered regions and iterations that were waited for
};

/* OpenMP's word for what its tool keeps beside a thread, a region or a task. */
union race__openmp_data {
    uint64_t value;
    void *pointer;
};

/* The team of the calling thread's region; NULL outside of one. */
struct race__team *race__openmp_team(void);

/* What happens to the task whose DATA it is, told on the thread that runs it: an implicit one
 * begins, in TEAM or outside of any (NULL), and ends; it arrives at a barrier and leaves it, has
 * waited for its children, begins a taskgroup, has waited for the tasks in that, and ends it. */
void race__openmp_task_implicit(union race__openmp_data *data, struct race__team *team);
void race__openmp_task_drop(union race__openmp_data *data);
void race__openmp_barrier_begin(union race__openmp_data *data);
void race__openmp_barrier_end(union race__openmp_data *data);
void race__openmp_tasks_waited(union race__openmp_data *data);
void race__openmp_group_begin(union race__openmp_data *data);
void race__openmp_group_waited(union race__openmp_data *data);
void race__openmp_group_end(union race__openmp_data *data);

/* Where OpenMP's library lies: no program's code.  Set once, before its first lock. */
extern uintptr_t race__openmp_low;  // atomic, relaxed
extern uintptr_t race__openmp_size; // atomic, relaxed

/* Is PC a place in that library?  Its own locks are none of the program's: it shares them by
 * atomics that nobody sees. */
static inline bool race__is_openmp(const void *pc)
{
    return (uintptr_t)pc - load_relaxed(&race__openmp_low) <
           load_relaxed(&race__openmp_size);
}

#endif
