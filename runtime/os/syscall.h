/* System calls that leave errno alone: they answer 0 or more, or a negative errno.
 *
 * libc's wrappers write the calling thread's errno when they fail, which belongs to the
 * goroutine's own code.  Only os/ includes this file.
 */
#ifndef GOC_OS_SYSCALL_H
#define GOC_OS_SYSCALL_H

#include <stdint.h>
#include <sys/syscall.h>

#ifdef __x86_64__
static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
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
#endif

static inline long syscall3(long number, long a, long b, long c)
{
    return syscall6(number, a, b, c, 0, 0, 0);
}

#endif
