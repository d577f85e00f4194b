/* User contexts (swapcontext, setcontext): each has open calls of its own.
 *
 * Those of a context that is left stand beside it, on its own stack, until it goes on, by whomever
 * and wherever: also where another context ends and leads to it (uc_link).  A context on a stack
 * that nobody runs on is a new one, or goes on in swapcontext, which knows its calls itself;
 * one on the present stack is a jump, as by longjmp.
 */
#include "base/compiler.h"
#include "entry/calls.h"
#include "intercept/next.h"

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

RACE_NEXT(swapcontext)
RACE_NEXT(setcontext)

static bool is_on(const stack_t *stack, uintptr_t addr)
{
    return addr - (uintptr_t)stack->ss_sp < stack->ss_size;
}

static void goes_to(const ucontext_t *context)
{
    uintptr_t there = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (is_on(&context->uc_stack, there - 1) && !is_on(&context->uc_stack, here))
        race__calls_none();
}

RACE_INTERCEPT int swapcontext(ucontext_t *restrict left,
                               const ucontext_t *restrict context)
{
    struct race__calls calls;
    race__calls_keep(&calls);
    goes_to(context);
    int result = next_swapcontext()(left, context);
    race__calls_again(&calls);
    return result;
}

RACE_INTERCEPT int setcontext(const ucontext_t *context)
{
    goes_to(context);
    return next_setcontext()(context);
}
