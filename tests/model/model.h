/* The model scheduler: the runtime's own sources, run by every schedule that the bounds allow.
 *
 * A scenario is a function that starts tasks, each an OS thread to the runtime, and joins them.
 * It is run again and again; at each atomic operation, futex call and clock call the explorer
 * decides which task goes on, and for a load, which of the stores that C11 lets it see it
 * reads.  All on one thread of the process, all decisions recorded, so that each execution is
 * determined by its decisions.
 *
 *   explore.c   decisions: depth first with bounds, or random with priorities (PCT)
 *   tasks.c     tasks, waiting, virtual time
 *   memory.c    what a load may read; what happens before what
 *   shadow.c    races on plain memory, use of freed memory
 *   weaker.c    one order weakened, for mutate.py
 *   system.c    runtime/os and the rest of what the runtime needs of the outside
 *   files.c     of runtime/os the descriptors, and epoll
 *   rings.c     the kernel's side of io_uring, below os/uring.c
 *
 * Memory.  Atomic locations keep their last stores; a load may read any that coherence,
 * release and acquire, fences and seq_cst leave it: Lahav et al., "Repairing sequential
 * consistency in C/C++11", PLDI 2017, by views as in Kang et al., "A promising semantics for
 * relaxed-memory concurrency", POPL 2017, without promises: a load never reads from a store that
 * comes later in the execution, and the order of stores to a location is that in which they
 * are executed.  Plain memory is not buffered: two
 * accesses that nothing orders are a failure, found by vector clocks.
 *
 * Bounds.  PREEMPTIONS counts switches away from a task that could go on; SURPRISES counts
 * loads that read an older store, and futex waits that return for no reason.  All schedules
 * within both are run.  Musuvathi and Qadeer, "Iterative context bounding", PLDI 2007.
 * Beyond: Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding
 * bugs", ASPLOS 2010.
 *
 * A failure prints the last operations and ends the process with status 1. */
#ifndef TESTS_MODEL_MODEL_H
#define TESTS_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_TASKS_MAX = 8 };

/* Run SCENARIO by every schedule with at most so many PREEMPTIONS and SURPRISES. */
void model_explore(const char *scenario_name, void (*scenario)(void),
                   unsigned preemptions, unsigned surprises);

/* Run it COUNT times with random priorities that change at up to CHANGE_MAX places, each time
 * from another seed; GOC_MODEL_SEED=n runs the seed n alone. */
void model_random(const char *scenario_name, void (*scenario)(void), unsigned change_max,
                  unsigned count);

/* For scenarios. */
void model_spawn(void (*entry)(void *argument), void *argument);
void model_thread(void (*entry)(void *argument),
                  void *argument); /* known to the runtime */
void model_join(void);             /* until all tasks that were spawned have ended */
void model_quiet(bool quiet);      /* no switch and no surprise until it is false again */
unsigned model_choose(unsigned count); /* a decision of the scenario's own */
unsigned model_time_jumps(void);       /* how often all slept and the clock had to move */
void model_expect(const char *words);  /* a panic with these words is a good end */

/* Descriptors: streams, of which the scenario is the other side. */
int model_file_open(unsigned bytes, unsigned room); /* to read, to write to */
void model_file_put(int fd, unsigned bytes);
void model_file_take(int fd, unsigned bytes);
unsigned model_file_bytes(int fd);
unsigned model_file_closes(void);   /* of streams, in this execution */
unsigned model_ring_refusals(void); /* how often a ring's kernel took no call */

/* As a foreign event loop does: until the descriptor of goc_poll_fd is readable.  It orders
 * nothing. */
void model_alarm_wait(void);

__attribute__((__noreturn__, __format__(__printf__, 1, 2))) void
model_fail(const char *format, ...);

#define MODEL_CHECK(condition)                                                           \
    ((condition) ? (void)0 : model_fail("%s:%d: %s", __FILE__, __LINE__, #condition))

#endif
