/* GOC_DEBUG=leak=1 lists at exit who is blocked, and says whether that is for ever.
 *
 * CERTAIN: goc: at exit 3 goroutines can never run again:
 * CERTAIN-DAG: goroutine {{[0-9]+}} [chan send]:
 * CERTAIN-DAG: goroutine {{[0-9]+}} [select (no cases)]:
 * CERTAIN-DAG: goroutine {{[0-9]+}} [sync.Mutex.Lock]:
 * CERTAIN-NOT: ended
 *
 * SHAPE: goc: at exit 3 goroutines can never run again:
 * SHAPE: goroutine {{[0-9]+}} [chan send]:
 * SHAPE-NEXT: sender(...)
 * SHAPE-NEXT: leak.c:[[# @LINE + 19]]
 * SHAPE-NEXT: waits on 0x{{[0-9a-f]+}} for {{[0-9.]+}} s
 * SHAPE-NEXT: created by main in goroutine 1
 * SHAPE-NEXT: leak.c:
 *
 * ABLE: goc: at exit 3 goroutines are blocked, while 1 could still run:
 *
 * NOTHING: returning
 * NOTHING-NOT: goc:
 */
#include <goc.h>
#include <stdio.h>
#include <string.h>

static chan(int) lonely;
static goc_mutex mutex;

static void sender(void)
{
    chan_send(lonely, 1);
}

static void selecter(void)
{
    chan_select {
    }
}

static void locker(void)
{
    goc_mutex_lock(&mutex);
}

static void ended(void) {}

static void sleeper(void)
{
    goc_sleep(GOC_HOUR); /* tidy: sleep, because it is to be there at exit */
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    lonely = chan_make(int, 0);
    goc_mutex_lock(&mutex);
    go ended();
    if (strcmp(what, "nothing") != 0) {
        go sender();
        go selecter();
        go locker();
    }
    if (strcmp(what, "able") == 0)
        go sleeper();
    for (int i = 0; i < 50; i++)
        goc_yield();
    puts("returning");
}
