/* The switch: control goes where it should, registers and rounding come back, unwinders see the
 * frames of a context that does not run. */
#include "os/context.h"
#include "unit.h"

#include <fenv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unwind.h>

enum { STACK_BYTES = 64 * 1024, SWITCHES = 1000 };

static struct context here;
static struct context there;
static _Alignas(16) char stack[STACK_BYTES];
static int steps;

static void count_steps(void)
{
    for (;;) {
        steps++;
        goc__context_switch(&there, &here);
    }
}

static void goes_there_and_back(void **state)
{
    (void)state;
    steps = 0;
    goc__context_make(&there, stack + STACK_BYTES, count_steps);
    for (int i = 0; i < SWITCHES; i++) {
        goc__context_switch(&here, &there);
        assert_int_equal(steps, i + 1);
    }
}

static uintptr_t misalignment;

static void check_alignment(void)
{
    /* As the ABI has it: 16-byte aligned before the call's return address was pushed. */
    misalignment = ((uintptr_t)__builtin_frame_address(0) + 16) % 16;
    goc__context_switch(&there, &here);
    abort();
}

static void starts_aligned(void **state)
{
    (void)state;
    misalignment = 1;
    goc__context_make(&there, stack + STACK_BYTES, check_alignment);
    goc__context_switch(&here, &there);
    assert_int_equal(misalignment, 0);
}

static int rounding_there;

static void round_up(void)
{
    fesetround(FE_UPWARD);
    goc__context_switch(&there, &here);
    rounding_there = fegetround();
    goc__context_switch(&there, &here);
    abort();
}

static void rounding_is_each_ones_own(void **state)
{
    (void)state;
    fesetround(FE_TONEAREST);
    goc__context_make(&there, stack + STACK_BYTES, round_up);
    goc__context_switch(&here, &there);
    assert_int_equal(fegetround(), FE_TONEAREST);
    fesetround(FE_DOWNWARD);
    goc__context_switch(&here, &there);
    assert_int_equal(rounding_there, FE_UPWARD);
    assert_int_equal(fegetround(), FE_DOWNWARD);
    fesetround(FE_TONEAREST);
}

__attribute__((__noinline__)) static void inner(void)
{
    goc__context_switch(&there, &here);
    __asm__ volatile("" ::: "memory"); /* no tail call */
}

__attribute__((__noinline__)) static void outer(void)
{
    inner();
    abort();
}

struct seen {
    bool inner;
    bool outer;
    bool test;
    int frames;
};

static void sees_parked_frames(void **state);

static bool inside(const void *address, void (*function)(void))
{
    uintptr_t offset = (uintptr_t)address - (uintptr_t)function;
    return offset > 0 && offset < 64;
}

static _Unwind_Reason_Code look(struct _Unwind_Context *context, void *argument)
{
    struct seen *seen = argument;
    const void *address = (const void *)_Unwind_GetIP(context);
    seen->inner |= inside(address, inner);
    seen->outer |= inside(address, outer) && seen->inner;
    seen->test |= _Unwind_FindEnclosingFunction((void *)(uintptr_t)address) ==
                  (void *)sees_parked_frames;
    seen->frames++;
    return _URC_NO_REASON;
}

static void unwind(void *seen)
{
    _Unwind_Backtrace(look, seen);
}

static void sees_parked_frames(void **state)
{
    (void)state;
    struct seen seen = {.frames = 0};
    goc__context_make(&there, stack + STACK_BYTES, outer);
    goc__context_switch(&here, &there);
    goc__context_call_on(&there, unwind, &seen);
    assert_true(seen.inner);
    assert_true(seen.outer);
    assert_false(seen.test); /* it ends where the context began */
    assert_in_range(seen.frames, 4, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_there_and_back),
        cmocka_unit_test(starts_aligned),
        cmocka_unit_test(rounding_is_each_ones_own),
        cmocka_unit_test(sees_parked_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
