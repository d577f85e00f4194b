/* A stack overflow advises what GOC_DEBUG takes.
 *
 * CHECK: goroutine {{[0-9]+}}: stack overflow (1048576 KiB, the most that GOC_DEBUG=stack=… takes)
 * CHECK: created by main in goroutine 1
 *
 * With stack=600M:
 * NEARLY: goroutine {{[0-9]+}}: stack overflow (614400 KiB; raise with GOC_DEBUG=stack=1048576K)
 */
#include <goc.h>
#include <stdlib.h>

/* So far below the end of the stack that its colour does not matter, and far above the guard's. */
enum { INTO_THE_GUARD = 32 * 1024 };

/* The stack's pages stay untouched: nobody has so much memory to spare. */
static void fall(size_t stack_bytes)
{
    volatile char *frame = __builtin_frame_address(0);
    frame[-(long)(stack_bytes + INTO_THE_GUARD)] = 1;
}

int main(int argc, char **argv)
{
    (void)argc;
    go fall((size_t)atol(argv[1]) << 20);
    for (;;)
        goc_yield();
}
