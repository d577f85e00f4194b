/* A deferred call that panics in its turn: both panics are printed, and which was recovered. */
#include <goc.h>

static void rethrow(void)
{
    if (goc_recover())
        goc_panic("while cleaning up");
}

int main(void)
{
    goc_defer rethrow();
    goc_panic("%d is too many", 3);
}

// CHECK:      panic: 3 is too many [recovered]
// CHECK-NEXT: panic: while cleaning up
// CHECK:      goroutine 1 [running]:
// CHECK-NEXT: rethrow
// CHECK-NEXT: panic_nested.c:7
// CHECK-NOT:  goc__
// CHECK:      {{^}}main(
// CHECK-NEXT: panic_nested.c:13
