/* In place of runtime/os/syscall.h, for what of runtime/os is in the model itself (os/uring.c): the
 * compiler is told to include this file first, and the guard keeps the other one out. */
#ifndef GOC_OS_SYSCALL_H
#define GOC_OS_SYSCALL_H

#include <sys/syscall.h>

/* What the kernel answers; rings.c has io_uring's calls. */
long model_system_call(long number, long a, long b, long c, long d, long e, long f);

static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
    return model_system_call(number, a, b, c, d, e, f);
}

static inline long syscall3(long number, long a, long b, long c)
{
    return model_system_call(number, a, b, c, 0, 0, 0);
}

#endif
