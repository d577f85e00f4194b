#include "clock.h"

#include "syscall.h"

#include <errno.h>

int64_t goc__clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * CLOCK_SECOND + now.tv_nsec;
}

struct timespec goc__clock_timespec(int64_t time)
{
    if (time < 0)
        time = 0;
    return (struct timespec){.tv_sec = time / CLOCK_SECOND,
                             .tv_nsec = time % CLOCK_SECOND};
}

void goc__clock_sleep_until(int64_t time)
{
    struct timespec at = goc__clock_timespec(time);
    while (syscall6(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, (long)&at, 0, 0,
                    0) == -EINTR)
        continue;
}
