/* Threads as strands: what the interceptors of pthread_create, pthread_join and their
 * kind tell the detector.
 *
 * The life of a thread's strand, each call once:
 *
 *   creator:     spawn ─┬─ discard                    the thread could not be made
 *   new thread:         └─ start … stop
 *   joiner:                            join           after the real join
 *   anybody:                  detach                  no join will come; before or after stop
 *
 * Under race__is_internal() the creator makes no strand, and the new thread is not seen.
 */
#ifndef GOC_DETECTOR_ENTRY_THREADS_H
#define GOC_DETECTOR_ENTRY_THREADS_H

#include <goc/race.h>
#include <stdbool.h>
#include <stddef.h>

/* A strand for a thread that the current strand is about to create from PC.  NULL where
 * the caller is not seen; the functions below take NULL and do nothing.
 * Ordering  what the creator did before is before all that the thread does. */
goc_strand *race__thread_spawn(const void *pc);
void race__thread_discard(goc_strand *strand);

/* On the new thread, before anything of the program runs there.  STACK is its lowest
 * address: what was known of that memory is forgotten.  STACK may be NULL where it is not
 * known; reports then cannot say whose stack a variable is on. */
void race__thread_start(goc_strand *strand, const void *stack, size_t size);
/* The same on a thread that is no strand. */
void race__thread_start_unseen(void);
/* The calling thread, which libc has made on its own to call the program from, becomes a strand
 * that nobody created and nobody joins, until its stop.  Nothing where it is one already.
 * Returns  whether it became one. */
bool race__thread_adopt(void);
/* On the thread, after the last of the program's code on it; or at the end of one that has
 * no strand. */
void race__thread_stop(void);

/* Ordering  all that the thread did is before what the current strand does from here on.
 * The pointer is dead afterwards. */
void race__thread_join(goc_strand *strand);
void race__thread_detach(goc_strand *strand);

/* The end of the process: threads that nobody has waited for. */
void race__threads_at_exit(void);

/* For a fork: no thread ends. */
void race__threads_hold(bool hold);
/* In the child: the threads of its parent are not its own. */
void race__threads_forked(void);

#endif
