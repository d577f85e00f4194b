/* Two functions one after the other: no goroutine, the order is the program's. */
#include <stdio.h>

static void foo(void)
{
    for (int i = 0; i < 3; i++)
        printf("foo %d\n", i);
}

static void bar(void)
{
    for (int i = 0; i < 3; i++)
        printf("bar %d\n", i);
}

int main(void)
{
    foo();
    bar();
}

// CHECK:      foo 0
// CHECK-NEXT: foo 1
// CHECK-NEXT: foo 2
// CHECK-NEXT: bar 0
// CHECK-NEXT: bar 1
// CHECK-NEXT: bar 2
