/* Deferred calls run last in, first out, however the function ends.  One of them recovers from a
 * panic: the function then returns what was assigned through goc_result, else zero. */
#include <goc.h>
#include <stdio.h>

static goc_mutex mutex;

static void say(const char *what, int n)
{
    printf("%s %d\n", what, n);
}

static int checked(chan(int) c)
{
    goc_mutex_lock(&mutex);
    goc_defer goc_mutex_unlock(&mutex);
    for (int i = 0; i < 2; i++)
        goc_defer say("deferred", i);
    goc_defer ^{
        const char *why = goc_recover();
        if (why) {
            printf("recovered from: %s\n", why);
            *(int *)goc_result() = -1;
        }
    }();
    chan_send(c, 7);
    return chan_recv(c);
}

int main(void)
{
    chan(int) c = chan_make(int, 1);
    printf("%d\n", checked(c));
    chan_close(c);
    printf("%d\n", checked(c));
    chan_free(c);
}

// CHECK:      deferred 1
// CHECK-NEXT: deferred 0
// CHECK-NEXT: 7
// CHECK-NEXT: recovered from: send on closed channel
// CHECK-NEXT: deferred 1
// CHECK-NEXT: deferred 0
// CHECK-NEXT: -1
