/* System calls by the instruction itself.
 *
 * libc's wrappers would set errno, which the detector must never do visibly, and the
 * program or another sanitizer may have put its own functions in their places.  Every
 * call answers as the kernel does: a value, or a negative errno.
 */
#ifndef GOC_DETECTOR_BASE_SYS_H
#define GOC_DETECTOR_BASE_SYS_H

#include <stddef.h>
#include <sys/syscall.h>

static inline long race__sys6(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long race__sys3(long number, long a, long b, long c)
{
    return race__sys6(number, a, b, c, 0, 0, 0);
}

static inline long race__sys4(long number, long a, long b, long c, long d)
{
    return race__sys6(number, a, b, c, d, 0, 0);
}

static inline int race__getpid(void)
{
    return (int)race__sys3(SYS_getpid, 0, 0, 0);
}

static inline int race__gettid(void)
{
    return (int)race__sys3(SYS_gettid, 0, 0, 0);
}

__attribute__((__noreturn__)) static inline void race__exit_process(int status)
{
    for (;;)
        race__sys3(SYS_exit_group, status, 0, 0);
}

#endif
