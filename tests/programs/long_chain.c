/* Ten thousand goroutines in a row, each adding one to what its neighbour sends. */
#include <goc.h>
#include <stdio.h>

enum { LINKS = 10000 };

static void add_one(chan_send_only(int) left, chan_recv_only(int) right)
{
    chan_send(left, 1 + chan_recv(right));
}

int main(void)
{
    static chan(int) links[LINKS + 1];
    links[0] = chan_make(int, 0);
    for (int i = 0; i < LINKS; i++) {
        links[i + 1] = chan_make(int, 0);
        go add_one(links[i], links[i + 1]);
    }
    go ^(void) {
        chan_send(links[LINKS], 0);
    }();
    printf("%d links\n", chan_recv(links[0]));
}

// CHECK: 10000 links
