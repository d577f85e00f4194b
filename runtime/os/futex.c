#include "futex.h"

#include "base/panic.h"
#include "clock.h"
#include "syscall.h"

#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <time.h>

bool goc__futex_wait(uint32_t *word, uint32_t expected, int64_t deadline)
{
    struct timespec at;
    const struct timespec *timeout = NULL;
    if (deadline != FUTEX_NO_DEADLINE) {
        at = goc__clock_timespec(deadline);
        timeout = &at;
    }
    /* WAIT_BITSET, because plain WAIT takes a relative time. */
    long result = syscall6(SYS_futex, (long)word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG,
                           (long)expected, (long)timeout, 0, FUTEX_BITSET_MATCH_ANY);
    if (result == -ETIMEDOUT)
        return false;
    if (result == 0 || result == -EAGAIN || result == -EINTR)
        return true;
    goc__throwf("futex wait failed: errno %ld", -result);
}

void goc__futex_wake(uint32_t *word, int count)
{
    long result =
        syscall3(SYS_futex, (long)word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, (long)count);
    if (result < 0)
        goc__throwf("futex wake failed: errno %ld", -result);
}
