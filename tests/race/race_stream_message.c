/* What is still in a stream's buffer hands nothing on but what came before it, and reading from the
 * buffer takes nothing. */
// BEYOND TSAN: it takes a write of a pipe for an acquire as well
#include "pair.h"

#include <stdio.h>
#include <unistd.h>

int shared[2];
static FILE *in;
static FILE *out;
static FILE *other;

static void first(void)
{
    fputs("hello\n", out);
    fflush(out);
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    putc('x', out);
    putc('y', out);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    fputs("buffered", out);
    flockfile(other);
    funlockfile(other);
}

static void second(void)
{
    CHECK_EQ(getc(in), 'h');
    CHECK_EQ(getc(in), 'e');
    shared[0] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    flockfile(out);
    funlockfile(out);
    shared[1] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    in = fdopen(ends[0], "r");
    out = fdopen(ends[1], "w");
    other = tmpfile();
    CHECK(in != NULL && out != NULL && other != NULL);
    pair_in_order();
}
