/* The monotonic clock, in nanoseconds. */
#ifndef GOC_OS_CLOCK_H
#define GOC_OS_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_SECOND INT64_C(1000000000)

int64_t goc__clock_now(void);

/* TIME as the kernel takes it; a time before the clock's start becomes the start. */
struct timespec goc__clock_timespec(int64_t time);

/* Sleep until TIME, whatever signals arrive. */
void goc__clock_sleep_until(int64_t time);

#endif
