/* longjmp out of a signal handler: what it jumps to is the thread's again, and goes on
 * after the handler. */
#include "entry/handlers.h"
#include "intercept/next.h"

#include <setjmp.h>
#include <stdint.h>

#define BUFFER_STACK 6   // of the words of a jmp_buf: the stack pointer, mangled
#define MANGLE_ROTATE 17 // glibc's PTR_MANGLE on amd64

void __longjmp_chk(struct __jmp_buf_tag *buffer, int value) __attribute__((__noreturn__));

RACE_NEXT(longjmp)
RACE_NEXT(_longjmp)
RACE_NEXT(siglongjmp)
RACE_NEXT(__longjmp_chk)

static uintptr_t stack_of(const struct __jmp_buf_tag *buffer)
{
    uintptr_t mangled = (uintptr_t)buffer->__jmpbuf[BUFFER_STACK];
    uintptr_t guard;
    __asm__("mov %%fs:0x30, %0" : "=r"(guard));
    return (mangled >> MANGLE_ROTATE | mangled << (64 - MANGLE_ROTATE)) ^ guard;
}

#define JUMP(name)                                                                       \
    RACE_INTERCEPT void name(struct __jmp_buf_tag *buffer, int value)                    \
    {                                                                                    \
        race__handlers_left(stack_of(buffer));                                           \
        next_##name()(buffer, value);                                                    \
        __builtin_unreachable();                                                         \
    }

JUMP(longjmp)
JUMP(_longjmp)
JUMP(siglongjmp)
JUMP(__longjmp_chk)
