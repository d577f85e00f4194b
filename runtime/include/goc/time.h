/* Time: durations, now, sleep, after.  All times are nanoseconds on the monotonic clock. */
#ifndef GOC_TIME_H
#define GOC_TIME_H

#include <goc/attributes.h>
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

/* Park the calling goroutine for at least D; zero or less returns at once.
 * A plain thread sleeps as a thread. */
GOC_KEEPS_FRAME void goc_sleep(goc_duration d);

/* A channel of capacity 1 that receives the goc_time at which D had passed (time.After).
 * The program lets go of it once: by receiving the value, with which the runtime frees the
 * channel, or by chan_free, before or after the value came.  <goc.h> spells the result's
 * type chan_recv_only(goc_time). */
struct goc_chan *goc_after_chan(goc_duration d);

#ifdef __cplusplus
}
#endif
#endif
