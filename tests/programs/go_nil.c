/* go of a pointer that is NULL ends the program in the goroutine that says it, in Go's words;
 * so does a timer's or a context's function. */
#include <goc.h>
#include <stdio.h>
#include <string.h>

static void (*volatile function)(int);
static const char *what;

static void answer(chan(int) c)
{
    chan_send(c, 1);
}

static void starts(chan(int) done)
{
    int saw = 0;
    void (*some)(chan(int)) = answer;
    go some(done); /* who is not NULL is not asked for long */
    saw += chan_recv(done);
    if (strcmp(what, "entry") == 0)
        goc_go(NULL, NULL, 0);
    else if (strcmp(what, "timer") == 0)
        goc_timer_func(GOC_HOUR, NULL, NULL);
    else if (strcmp(what, "context") == 0)
        goc_context_after_func(goc_context_background(), NULL, NULL);
    else
        go function(saw);
    printf("not here\n");
}

int main(int argc, char **argv)
{
    what = argc > 1 ? argv[1] : "function";
    chan(int) done = chan_make(int, 0);
    go starts(done);
    chan_recv(chan_make(int, 0));
}

// CHECK-NOT: not here
// CHECK: fatal error: go of nil func value
// CHECK: goroutine {{[0-9]+}} [running]:
// CHECK-NEXT: starts(
// CHECK-NEXT: go_nil.c:
// CHECK: created by main in goroutine 1
