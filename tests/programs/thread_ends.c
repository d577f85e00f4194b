/* pthread_exit on a goroutine takes its thread away from others: an error that says so.  main may
 * do it, as in any program with threads: goroutine 1 ends, the others go on. */
#include <goc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void end_thread(void)
{
    pthread_exit(NULL);
}

static void go_on(void)
{
    for (int i = 0; i < 3; i++)
        goc_yield();
    printf("went on\n");
    exit(0);
}

int main(int argc, char **argv)
{
    const char *who = argc == 2 ? argv[1] : "nobody";
    if (strcmp(who, "goroutine") == 0) {
        go end_thread();
        chan_recv((chan(int))NULL);
    }
    if (strcmp(who, "main") == 0)
        go go_on();
    pthread_exit(NULL); /* nobody: the only thread ends, and the process with it */
}

// GOROUTINE: fatal error: goroutine 2 ended its thread, by pthread_exit or pthread_cancel; goc_exit ends a goroutine
// MAIN: went on
