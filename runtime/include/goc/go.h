/* Goroutines: start, yield, end, count.
 *
 * Only goc_-prefixed names; <goc.h> gives the words.
 */
#ifndef GOC_GO_H
#define GOC_GO_H

#include <goc/attributes.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GOC_OS "linux"
#define GOC_ARCH "amd64"

/* Start a goroutine that calls ENTRY with a copy of ARGS.
 *
 * ENTRY     called once on the new goroutine with a pointer to the copy, which lives until it
 *           returns.
 * ARGS      SIZE bytes, copied before this returns; NULL with SIZE 0 passes a pointer to nothing.
 * Blocks    never.  Callable from goroutines and from plain threads.
 * Ordering  the go statement is synchronized before the start of the goroutine's execution.
 * Fails     no memory for a stack: fatal error in Go's words; there is nothing to return.
 * Source    The Go Memory Model (2022), "Goroutine creation". */
GOC_KEEPS_FRAME void goc_go(void (*entry)(void *args), const void *args, size_t size);

/* What a go statement asks of a pointer to a function, on the goroutine that says `go`.
 * Returns   F.
 * Fails     NULL: fatal error in Go's words, "go of nil func value"; goc_go of NULL likewise. */
void (*goc_go_callee(void (*f)(void)))(void);

/* Let other goroutines run (runtime.Gosched).  From a plain thread: sched_yield. */
GOC_KEEPS_FRAME void goc_yield(void);

/* End the calling goroutine (runtime.Goexit), once its deferred calls have run.  From goroutine 1,
 * the others go on; when none is left the program dies with "no goroutines (main called
 * runtime.Goexit) - deadlock!". */
__attribute__((__noreturn__)) void goc_exit(void);

/* How many goroutines exist, the caller's own among them. */
int goc_num_goroutine(void);

/* How many CPUs this process may run on, as its affinity mask said at start. */
int goc_num_cpu(void);

/* Set how many goroutines may run at the same time; returns the number before.
 * N below 1 only asks.  Starts as GOMAXPROCS from the environment, else goc_num_cpu(). */
int goc_maxprocs(int n);

/* Give the calling goroutine its thread to itself until it has unlocked as often as it has
 * locked: for thread-local state of libraries, for what the kernel keeps a thread.
 *
 * Locked, it runs on this thread alone and nobody else does; it counts no more under
 * goc_maxprocs, and waiting puts the thread to sleep.  A goroutine that ends while locked ends
 * its thread too, but for the process's first one, which then serves nobody.
 * Blocks    unlock may wait for its turn, and go on on another thread.
 * On plain threads, and unlock where nothing is locked: nothing happens.
 * Source    Go's runtime.LockOSThread and UnlockOSThread. */
GOC_KEEPS_FRAME void goc_lock_os_thread(void);
GOC_KEEPS_FRAME void goc_unlock_os_thread(void);

/* The calling goroutine's number, as dumps and reports print it; 0 on a plain thread. */
uint64_t goc_goid(void);

#ifdef __cplusplus
}
#endif
#endif
