/* An unbuffered channel is a meeting: send and receive complete together.  A buffered one
 * is a queue: sends complete until it is full. */
#include <goc.h>
#include <stdio.h>

static void greet(chan_send_only(const char *) words)
{
    chan_send(words, "ping");
}

int main(void)
{
    chan(const char *) meeting = chan_make(const char *, 0);
    go greet(meeting);
    printf("%s\n", chan_recv(meeting));

    chan(int) queue = chan_make(int, 2);
    chan_send(queue, 1);
    chan_send(queue, 2);
    printf("%zu of %zu buffered\n", chan_len(queue), chan_cap(queue));
    int first = chan_recv(queue);
    int second = chan_recv(queue);
    printf("%d %d\n", first, second);

    chan_free(meeting);
    chan_free(queue);
}

// CHECK:      ping
// CHECK-NEXT: 2 of 2 buffered
// CHECK-NEXT: 1 2
