/* A stack that is used up is named, with the goroutine and where it was created.
 *
 * CHECK: goroutine [[ID:[0-9]+]]: stack overflow (64 KiB; raise with GOC_DEBUG=stack=128K)
 * CHECK: goroutine [[ID]] [running]:
 * CHECK-NEXT: descend(...)
 * CHECK: ...additional frames elided...
 * CHECK-NEXT: created by main in goroutine 1
 * CHECK-NEXT: stack_overflow.c:[[# @LINE + 25]]
 *
 * Built without frame pointers:
 * NAMED: goroutine [[ID:[0-9]+]]: stack overflow (64 KiB; raise with GOC_DEBUG=stack=128K)
 * NAMED: goroutine [[ID]] [running]:
 * NAMED: created by main in goroutine 1
 */
#include <goc.h>

static int descend(int depth)
{
    char volatile frame[1024];
    if (depth < 0)
        return 0;
    frame[0] = (char)depth;
    return descend(depth + 1) + frame[0];
}

static void sink(void)
{
    descend(0);
}

int main(void)
{
    go sink();
    for (;;)
        goc_yield();
}
