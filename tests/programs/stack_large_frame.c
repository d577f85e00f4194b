/* A frame that is larger than a stack and the guard below it stops at the guard, too, and does not
 * write to the stacks beyond.
 *
 * CHECK: goroutine [[ID:[0-9]+]]: stack overflow (256 KiB; raise with GOC_DEBUG=stack=512K)
 * CHECK: goroutine [[ID]] [running]:
 * CHECK: created by main in goroutine 1
 */
#include <goc.h>
#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 16, LARGE = 600000 };

__attribute__((__noinline__)) static void touch(volatile char *bytes, size_t size)
{
    bytes[0] = 1;
    bytes[size - 1] = 1;
}

static void local_array(void)
{
    char bytes[LARGE];
    touch(bytes, sizeof bytes);
}

static void of_a_variable_size(size_t size)
{
    char bytes[size];
    touch(bytes, size);
}

static void from_alloca(size_t size)
{
    touch(__builtin_alloca(size), size);
}

static void wait(chan(int) never)
{
    chan_recv(never);
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "array";
    chan(int) never = chan_make(int, 0);
    for (int i = 0; i < NEIGHBOURS; i++)
        go wait(never);
    goc_yield(); /* the neighbours get their stacks */
    if (strcmp(what, "variable") == 0)
        go of_a_variable_size(LARGE);
    else if (strcmp(what, "alloca") == 0)
        go from_alloca(LARGE);
    else
        go local_array();
    for (;;)
        goc_yield();
}
