/* A foreign event loop drives the runtime: GLib's, libuv's, one's own around poll.
 *
 *   int fd = goc_poll_fd();          once, on the goroutine that runs the loop
 *   … watch fd for reading; whenever it is readable:
 *   goc_step(GOC_MILLISECOND);
 *   goc_poll_wake();                 anywhere: the loop is to look at what its callbacks share
 *   goc_poll_end();                  when the loop is over
 *
 * The loop's goroutine has its thread to itself, as by goc_lock_os_thread, and so have its
 * callbacks.  The runtime keeps one place of goc_maxprocs() for the loop: while the loop sleeps
 * nobody runs there, and goc_step runs goroutines there, on the loop's own thread, one after the
 * other.  With goc_maxprocs() == 1 goroutines run in goc_step and nowhere else, so they and the
 * callbacks exclude each other; with more, the other threads go on as ever and the loop's is one of
 * them.
 *
 * Callbacks may start goroutines, send, receive, lock: what that makes runnable also makes the
 * descriptor readable.  A callback that has to wait, or sleeps, lends the loop's place to another
 * thread until it goes on, so it stops the loop and nobody else.  So does a goroutine in goc_step
 * that blocks in libc, and one that calls goc_lock_os_thread.
 *
 * Source  what GLib's g_main_context_query, libuv's uv_backend_fd and libdispatch's main queue
 *         do for the other side. */
#ifndef GOC_LOOP_H
#define GOC_LOOP_H

#include <goc/attributes.h>
#include <goc/time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The descriptor to watch, level-triggered, for reading only: readable while goroutines wait for
 * the loop's place, from the time on at which a timer is due that nobody else looks after, and
 * when a descriptor of goc_read and its like has news.  The runtime's: not to be read, or closed.
 * Blocks    never; the first call may move what the caller's place has to do to the next goc_step.
 * Returns   the descriptor, the same until goc_poll_end; -EPERM on a thread that is no
 *           goroutine and in a bubble (goc/synctest.h); -EBUSY when another goroutine has it;
 *           another negative errno when the system has no descriptor left. */
GOC_KEEPS_FRAME int goc_poll_fd(void);

/* Run goroutines on the calling thread, until none is ready or TIMEOUT has passed.
 * TIMEOUT   how long goroutines that stay ready may keep the loop; looked at between goroutines, so
 *           one that computes takes longer, and with goc_maxprocs() == 1 all others wait for it:
 *           one that waits for another by computing, without goc_yield in its loop, waits for ever.
 *           Zero or less runs a few and returns.
 * Blocks    not to wait for work: that is the loop's business.
 * Ordering  none of its own.
 * Returns   0 nothing is ready any more; 1 something is, and the descriptor readable;
 *           -EPERM the caller is not the goroutine that called goc_poll_fd. */
GOC_KEEPS_FRAME int goc_step(goc_duration timeout);

/* Make the descriptor readable, so that the loop calls goc_step and then looks at what goroutines
 * on other threads have left for it: in a channel, say, that a callback empties without waiting.
 * A goroutine that goc_step runs need not call it; may be called when there is no loop.
 * Blocks    never; callable from goroutines and threads.
 * Ordering  none: what is left for the loop has its own. */
void goc_poll_wake(void);

/* The loop is over: the descriptor is closed, and the caller an ordinary goroutine again.
 * Blocks    may wait for its turn, and go on on another thread.
 * Returns   0; -EPERM as goc_step. */
GOC_KEEPS_FRAME int goc_poll_end(void);

#ifdef __cplusplus
}
#endif
#endif
