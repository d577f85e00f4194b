/* Time: durations, now, sleep, after, timers, tickers.  All times are nanoseconds on the monotonic
 * clock. */
#ifndef GOC_TIME_H
#define GOC_TIME_H

#include <goc/attributes.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int64_t goc_duration; /* nanoseconds */
typedef int64_t goc_time;     /* nanoseconds on goc_now()'s clock */

#define GOC_NANOSECOND ((goc_duration)1)
#define GOC_MICROSECOND (1000 * GOC_NANOSECOND)
#define GOC_MILLISECOND (1000 * GOC_MICROSECOND)
#define GOC_SECOND (1000 * GOC_MILLISECOND)
#define GOC_MINUTE (60 * GOC_SECOND)
#define GOC_HOUR (60 * GOC_MINUTE)

/* The deadline that never comes, for the functions that end in _until.  They take a time on
 * goc_now()'s clock; one that has passed makes them poll: do it at once or not at all. */
#define GOC_NEVER INT64_MAX

struct goc_chan;

/* The monotonic clock, nanoseconds since an unspecified start. */
goc_time goc_now(void);

/* The time at which D will have passed, as a deadline: neither before the clock's start nor
 * GOC_NEVER. */
goc_time goc_deadline_after(goc_duration d);

/* Park the calling goroutine for at least D; zero or less returns at once.
 * A plain thread sleeps as a thread. */
GOC_KEEPS_FRAME void goc_sleep(goc_duration d);

/* The same until TIME. */
GOC_KEEPS_FRAME void goc_sleep_until(goc_time time);

/* A channel that receives the goc_time at which D had passed (time.After), whether somebody waits
 * for it or not; chan_len and chan_cap say 0.
 * The program lets go of it once: by receiving the value, with which the runtime frees the
 * channel, or by chan_free, before or after the value came.  <goc.h> spells the result's
 * type chan_recv_only(goc_time). */
struct goc_chan *goc_after_chan(goc_duration d);

/* Something that happens once D has passed: new sends the goc_time into a channel of the
 * timer's, func starts F(ARGUMENT) as a goroutine.  A timer may be stopped, and started again by
 * reset, any number of times, before and after it fired.
 * D         zero or less fires at once.
 * Blocks    never; callable from goroutines and threads, on one timer from several at once.
 *           No timer has a thread.
 * Ordering  new, func and reset are synchronized before the start of F, or before the receive
 *           of what is sent.
 * Returns   stop, reset: true when the timer was running, or had sent what nobody has received
 *           and nobody will now.  False for func: F has been started, maybe not returned.
 *           After them no value of before is received, and F is not started but by reset.
 * Fails     func of NULL: fatal error "go of nil func value", which Go says when it would begin.
 * Lifetime  the program frees it, once, by goc_timer_free, which stops it; F may do that itself.
 *           Freeing panics while somebody waits for the channel.
 * Source    Go's time.Timer as of 1.23, time.AfterFunc. */
typedef struct goc_timer goc_timer;

goc_timer *goc_timer_new(goc_duration d);
goc_timer *goc_timer_func(goc_duration d, void (*f)(void *argument), void *argument);
bool goc_timer_stop(goc_timer *t);
bool goc_timer_reset(goc_timer *t, goc_duration d);
GOC_KEEPS_FRAME void goc_timer_free(goc_timer *t);

/* Its channel, the timer's own: not to be closed or freed.  NULL for func.  <goc.h> has
 * goc_timer_c, typed. */
struct goc_chan *goc_timer_chan(const goc_timer *t);

/* Sends the goc_time every D.  Ticks that nobody has received in time are dropped, not made up
 * for.  As for a timer, nothing of before is received after stop or reset.
 * Fails     new and reset panic "non-positive interval for …".
 * Source    Go's time.Ticker. */
typedef struct goc_ticker goc_ticker;

GOC_KEEPS_FRAME goc_ticker *goc_ticker_new(goc_duration d);
void goc_ticker_stop(goc_ticker *t);
GOC_KEEPS_FRAME void goc_ticker_reset(goc_ticker *t, goc_duration d);
GOC_KEEPS_FRAME void goc_ticker_free(goc_ticker *t);
struct goc_chan *goc_ticker_chan(const goc_ticker *t); /* goc_ticker_c in <goc.h> */

#ifdef __cplusplus
}
#endif
#endif
