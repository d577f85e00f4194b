/* A fault while another thread has the dynamic linker's lock for ever.  With an argument: the fault
 * alone, for a core file. */
#include <dlfcn.h>
#include <goc.h>
#include <stdatomic.h>

static void *volatile nowhere = (void *)16;

__attribute__((__noinline__)) static void write_nowhere(int number)
{
    *(int volatile *)nowhere = number;
}

static void load(const char *library)
{
    dlopen(library, RTLD_NOW);
}

/* The library's constructor calls it, and never returns. */
atomic_bool inside;

static void worker(void)
{
    write_nowhere(7);
}

int main(int argc, char **argv)
{
    atomic_store(&inside, argc != 2);
    if (argc == 2)
        go load(argv[1]);
    while (!atomic_load(&inside))
        goc_yield();
    go worker();
    chan(int) never = chan_make(int, 0);
    chan_recv(never);
}
