/* Tests of concurrent code with a clock of their own, in which waiting takes no time.
 *
 *   static void test(void *unused)
 *   {
 *       goc_time start = goc_now();
 *       go worker(c);               sleeps an hour, then sends
 *       chan_recv(c);               at once
 *       assert(goc_now() - start == GOC_HOUR);
 *   }
 *   … goc_synctest_run(test, NULL);
 *
 * A run is a bubble: the goroutine that it starts, and all goroutines that members of the
 * bubble start.  Their clock, goc_now() with everything that takes a time or a duration, begins at
 * 0 and stands still while any of them has something to do.  When all are durably blocked it jumps
 * to the next timer.  Other goroutines and other bubbles go on meanwhile, by their own clocks.
 *
 * A member is durably blocked while only other members can wake it:
 *   in a send, receive or select on channels made by members, or on nil channels;
 *   in goc_waitgroup_wait, if members did the adds; in goc_cond_wait, goc_semaphore_acquire,
 *   and goc_singleflight_do, if a member makes the call;
 *   in goc_sleep; in the _until twins of these, and with contexts made by members.
 * It is not while it waits for a mutex or for a goc_once, for a descriptor, or blocks its
 * thread.  Deadlines of I/O pass in real time.
 *
 * Isolation.  Channels, timers and tickers belong to the bubble whose member made them.
 * Another goroutine that uses one panics: "send on synctest channel from outside bubble",
 * receive, close, select likewise; "stop of synctest timer from outside bubble", "reset …".
 * Freeing them, chan_len and chan_cap are anybody's.  A WaitGroup belongs to the bubble of its
 * first add until its counter is zero; "fatal error: sync: WaitGroup.Add called from inside and
 * outside synctest bubble", or "… from multiple synctest bubbles".  Waking a member from outside by
 * a cond or a semaphore: "fatal error: semaphore wake of synctest goroutine from outside bubble".
 *
 * Source  Go's testing/synctest. */
#ifndef GOC_SYNCTEST_H
#define GOC_SYNCTEST_H

#include <goc/attributes.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Call F(ARGUMENT) on a goroutine in a new bubble, and wait until all members have ended.
 * Once F's goroutine has ended time does not pass any more; timers still running never fire.
 * Blocks    parks the caller, or blocks a plain thread.  Not from within a bubble: "panic:
 *           synctest.Run called from within a synctest bubble".
 * Ordering  the call is synchronized before F, and the end of each member before the return.
 * Fails     when all members are durably blocked, nobody is in goc_synctest_wait and no timer can
 *           help: "panic: deadlock: all goroutines in bubble are blocked", or, when F's has ended,
 *           "panic: deadlock: main bubble goroutine has exited but blocked goroutines remain". */
GOC_KEEPS_FRAME void goc_synctest_run(void (*f)(void *argument), void *argument);

/* Wait until all other members of the caller's bubble are durably blocked or have ended.
 * Blocks    parks; one member at a time: "panic: wait already in progress"; "panic: goroutine is
 *           not in a bubble".
 * Ordering  what each did before it blocked or ended is synchronized before the return. */
GOC_KEEPS_FRAME void goc_synctest_wait(void);

/* Is the caller a member of a bubble? */
bool goc_synctest_in_bubble(void);

#ifdef __BLOCKS__
/* goc_synctest_run for a block literal: goc_synctest(^{ … });  It stays in the caller's frame,
 * which outlives it. */
static inline void goc__synctest_block(void *block)
{
    (*(void (^*)(void))block)();
}

static inline void goc_synctest(void (^block)(void))
{
    goc_synctest_run(goc__synctest_block, &block);
}
#endif

#ifdef __cplusplus
}
#endif
#endif
