/* Threads of this process: start one, ask about one. */
#ifndef GOC_OS_THREAD_H
#define GOC_OS_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start a detached thread that calls ENTRY(ARGUMENT), on a small stack, with every signal
 * blocked.  Returns 0 or a negative errno. */
__attribute__((__warn_unused_result__)) int
goc__thread_start(void *(*entry)(void *argument), void *argument);

/* The kernel's id of the calling thread. */
int32_t goc__thread_id(void);

/* Is the calling thread the one that the process began with? */
bool goc__thread_is_first(void);

/* How far the stack of that one may grow, in bytes. */
size_t goc__thread_first_stack(void);

/* Where the calling thread keeps errno. */
int *goc__thread_errno(void);

/* Nanoseconds of CPU that thread TID has used, or -1 when there is no such thread. */
int64_t goc__thread_cpu_time(int32_t tid);

/* Open what goc__thread_sleeps reads.  A descriptor, or a negative errno. */
int goc__thread_state_open(int32_t tid);

/* True when the thread behind FD sleeps in the kernel or is stopped; false when it runs
 * or waits for a CPU, or when the kernel does not say. */
bool goc__thread_sleeps(int fd);

/* How many threads this process has, or a negative errno. */
int goc__thread_count(void);

/* CPUs that the process may run on; at least 1. */
int goc__thread_cpus(void);

/* The CPU that the calling thread runs on at this moment; -1 where the kernel does not say. */
int32_t goc__thread_cpu(void);

void goc__thread_yield(void);

/* End the calling thread, which goc__thread_start made, from its own first frames. */
__attribute__((__noreturn__)) void goc__thread_end(void);

/* Let the calling thread's timed sleeps end when they are due: by default the kernel may add
 * 50 microseconds to each. */
void goc__thread_sleep_exactly(void);

#endif
