/* A signal that ends the process: what happened, where, and in which goroutine; then the process
 * dies of that very signal.
 *
 * SEGV: fatal error: unexpected signal during runtime execution
 * SEGV-NEXT: [signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x{{[0-9a-f]+}}]
 * SEGV-EMPTY:
 * SEGV-NEXT: goroutine [[ID:[0-9]+]] [running]:
 * SEGV-NEXT: write_nowhere(...)
 * SEGV-NEXT: fault.c:[[# @LINE + 79]]
 * SEGV: worker(...)
 * SEGV: created by main in goroutine 1
 * SEGV-NOT: goroutine {{[0-9]+}} [
 *
 * In a function of libc, which has no frame pointers:
 * LIBC: [signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x{{[0-9a-f]+}}]
 * LIBC: {{^}}read_nowhere(...)
 * LIBC: {{^}}worker(...)
 *
 * Through a pointer to no function:
 * CALL: [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x0]
 * CALL: {{^}}call_nothing(...)
 * CALL: {{^}}worker(...)
 *
 * Where the frame pointer leads nowhere:
 * WILD: [signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x{{[0-9a-f]+}}]
 * WILD: goroutine {{[0-9]+}} [running]:
 * WILD-NEXT: lose_frame(...)
 * WILD: created by main in goroutine 1
 *
 * BUS: [signal SIGBUS: bus error code=0x2 addr=0x{{[0-9a-f]+}} pc=0x{{[0-9a-f]+}}]
 * BUS: {{^}}touch_past_end(...)
 *
 * FPE: [signal SIGFPE: floating-point exception code=0x1 addr=0x{{[0-9a-f]+}} pc=0x{{[0-9a-f]+}}]
 * FPE: {{^}}divide(...)
 *
 * ILL: SIGILL: illegal instruction
 * ILL-NEXT: PC=0x{{[0-9a-f]+}} sigcode=2
 * ILL: {{^}}trap(...)
 *
 * ABRT: SIGABRT: abort
 * ABRT-NEXT: PC=0x{{[0-9a-f]+}} sigcode=-6
 * ABRT: {{^}}call_abort(...)
 * ABRT: {{^}}worker(...)
 *
 * By malloc, which holds a lock:
 * HEAP: SIGABRT: abort
 * HEAP: {{^}}free_twice(...)
 * HEAP: {{^}}worker(...)
 *
 * MAIN: [signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x{{[0-9a-f]+}}]
 * MAIN: goroutine 1 [running]:
 * MAIN-NEXT: write_nowhere(...)
 * MAIN: {{^}}main(...)
 *
 * THREAD: [signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x{{[0-9a-f]+}}]
 * THREAD: thread [running]:
 * THREAD-NEXT: write_nowhere(...)
 *
 * NONE: [signal SIGSEGV: segmentation violation
 * NONE-NOT: goroutine
 *
 * ALL: goroutine [[ID:[0-9]+]] [running]:
 * ALL-NEXT: write_nowhere(...)
 * ALL: goroutine 1 [chan receive]:
 * ALL: {{^}}main(...)
 *
 * SYSTEM: {{^}}write_nowhere(...)
 * SYSTEM: {{^}}goroutine_start(...)
 * SYSTEM: goroutine 1 [chan receive]:
 *
 * The program's handler wins, and may ask for what comes without it:
 * OWN: handled
 * OWN-NOT: goroutine
 */
#include <goc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *volatile nowhere = (void *)16;

__attribute__((__noinline__)) static void write_nowhere(void)
{
    *(char volatile *)nowhere = 1;
}

__attribute__((__noinline__)) static void read_nowhere(void)
{
    printf("%zu\n", strlen(nowhere));
}

__attribute__((__noinline__)) static void call_nothing(void)
{
    void (*volatile nothing)(void) = NULL;
    nothing();
    puts("it has returned");
}

__attribute__((__noinline__)) static void lose_frame(void)
{
    __asm__ volatile("mov $24, %%rbp; mov %%rbp, -8(%%rbp)" ::: "memory");
}

__attribute__((__noinline__)) static void touch_past_end(void)
{
    FILE *file = tmpfile();
    char *page = file == NULL ? MAP_FAILED
                              : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
                                     fileno(file), 0);
    if (page != MAP_FAILED)
        *(char volatile *)page = 1;
}

__attribute__((__noinline__)) static void divide(void)
{
    int volatile zero = 0;
    printf("%d\n", 7 / zero);
}

__attribute__((__noinline__)) static void trap(void)
{
    __builtin_trap();
}

__attribute__((__noinline__)) static void call_abort(void)
{
    abort();
}

__attribute__((__noinline__)) static void free_twice(void)
{
    size_t *volatile block = malloc(4096);
    block[-1] = 7; /* what malloc thinks that its size is */
    free(block);
    nowhere = NULL;
}

static void *write_on_thread(void *unused)
{
    write_nowhere();
    return unused;
}

static void on_signal(int signal)
{
    (void)signal;
    static const char text[] = "handled\n";
    _exit(write(STDOUT_FILENO, text, sizeof text - 1) < 0 ? 1 : 7);
}

static struct sigaction formerly;

static void on_signal_informed(int number, siginfo_t *info, void *context)
{
    if (formerly.sa_flags & SA_SIGINFO)
        formerly.sa_sigaction(number, info, context);
    else
        signal(number, SIG_DFL);
}

static void worker(const char *what)
{
    if (strcmp(what, "libc") == 0)
        read_nowhere();
    else if (strcmp(what, "call") == 0)
        call_nothing();
    else if (strcmp(what, "wild") == 0)
        lose_frame();
    else if (strcmp(what, "bus") == 0)
        touch_past_end();
    else if (strcmp(what, "fpe") == 0)
        divide();
    else if (strcmp(what, "ill") == 0)
        trap();
    else if (strcmp(what, "abrt") == 0)
        call_abort();
    else if (strcmp(what, "heap") == 0)
        free_twice();
    else
        write_nowhere();
    puts("nothing has happened");
}

static void nothing(chan(int) done)
{
    chan_close(done);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "segv";
    chan(int) done = chan_make(int, 0);
    if (strcmp(what, "before") == 0)
        signal(SIGSEGV, on_signal);
    go nothing(done);
    chan_recv(done);
    if (strcmp(what, "after") == 0)
        signal(SIGSEGV, on_signal);
    if (strcmp(what, "chained") == 0) {
        struct sigaction action = {.sa_sigaction = on_signal_informed,
                                   .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigaction(SIGSEGV, &action, &formerly);
    }
    if (strcmp(what, "main") == 0)
        write_nowhere();
    pthread_t thread;
    if (strcmp(what, "thread") == 0)
        pthread_create(&thread, NULL, write_on_thread, NULL);
    else
        go worker(what);
    chan(int) never = chan_make(int, 0);
    chan_recv(never);
}
