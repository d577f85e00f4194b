#include "alarm.h"

#include "base/panic.h"
#include "clock.h"
#include "descriptor.h"
#include "syscall.h"

#include <sys/timerfd.h>

int goc__alarm_open(void)
{
    return goc__descriptor_apart(
        syscall3(SYS_timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC, 0));
}

void goc__alarm_set(int fd, int64_t time)
{
    struct itimerspec at = {{0}, {0}}; /* disarmed: never */
    if (time != INT64_MAX)
        at.it_value = goc__clock_timespec(time > 0 ? time : 1);
    long result =
        syscall6(SYS_timerfd_settime, fd, TFD_TIMER_ABSTIME, (long)&at, 0, 0, 0);
    if (result < 0)
        goc__throwf("timerfd failed: errno %ld", -result);
}
