/* A stack goes from goroutine to goroutine: what one did to it is nothing to the next,
 * although nothing orders them.  The locals escape, so that they are looked at. */
#include <goc.h>
#include <stdio.h>
#include <string.h>

enum { GOROUTINES = 2000, BYTES = 500 };

struct large {
    int number;
    char padding[300];
};

static goc_waitgroup done;

__attribute__((__noinline__)) static void fill(char *bytes, int count, int value)
{
    for (int i = 0; i < count; i++)
        bytes[i] = (char)value;
}

static void use_stack(struct large argument)
{
    char bytes[BYTES];
    fill(bytes, sizeof bytes, argument.number);
    fill(argument.padding, sizeof argument.padding, argument.number);
    goc_waitgroup_done(&done);
}

int main(void)
{
    struct large argument;
    memset(&argument, 0, sizeof argument);
    for (int i = 0; i < GOROUTINES; i++) {
        argument.number = i;
        goc_waitgroup_add(&done, 1);
        go use_stack(argument);
        if (i % 7 == 0)
            goc_yield();
    }
    goc_waitgroup_wait(&done);
}
