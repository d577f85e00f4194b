/* Stacks of user contexts are their own: no call of one is shown in another's. */
// BEYOND TSAN: it takes the calls of all contexts for one stack
#include "pair.h"

#include <ucontext.h>

#define OUT_OF_LINE __attribute__((__noinline__))

int shared[3];
static ucontext_t outer;
static ucontext_t inner;
static char stack[1 << 16];

static OUT_OF_LINE void touch(int *word)
{
    *word += 1;
    __asm__ volatile("");
}

static OUT_OF_LINE void deep_inside(void)
{
    CHECK_EQ(swapcontext(&inner, &outer), 0);
    touch(&shared[1]);
    __asm__ volatile("");
}

/* Ends, and so goes on in the context that is its link. */
static void inside(void)
{
    deep_inside();
    __asm__ volatile("");
}

static OUT_OF_LINE void outside(int *word)
{
    touch(word);
    __asm__ volatile("");
}

static void first(void)
{
    CHECK_EQ(getcontext(&inner), 0);
    inner.uc_stack.ss_sp = stack;
    inner.uc_stack.ss_size = sizeof stack;
    inner.uc_link = &outer;
    makecontext(&inner, inside, 0);
    CHECK_EQ(swapcontext(&outer, &inner), 0);
    outside(&shared[0]);
    CHECK_EQ(swapcontext(&outer, &inner), 0);
    outside(&shared[2]);
}

static void second(void)
{
    shared[0] = 7;
    shared[1] = 7;
    shared[2] = 7;
}

int main(void)
{
    pair_in_order();
}

// CHECK: Previous write
// CHECK-NEXT: touch
// CHECK: {{^}}  outside
// CHECK-NOT: inside
// CHECK: {{^}}  first
// CHECK-NOT: inside
// CHECK: {{^}}  pair_first
// CHECK: Previous write
// CHECK-NEXT: touch
// CHECK: {{^}}  deep_inside
// CHECK: {{^}}  inside
// CHECK-NOT: {{first|outside}}
// CHECK: Location
// CHECK: Previous write
// CHECK-NEXT: touch
// CHECK: {{^}}  outside
// CHECK-NOT: inside
// CHECK: {{^}}  first
// CHECK-NOT: inside
// CHECK: {{^}}  pair_first
