/* A token goes round a ring of a thousand goroutines. */
#include <goc.h>
#include <stdio.h>

enum { MEMBERS = 1000, ROUNDS = 20 };

static void pass(chan_recv_only(int) in, chan_send_only(int) out)
{
    chan_range(token, in) {
        chan_send(out, token + 1);
    }
    chan_close(out);
}

int main(void)
{
    chan(int) link[MEMBERS + 1];
    for (int i = 0; i <= MEMBERS; i++)
        link[i] = chan_make(int, 0);
    for (int i = 0; i < MEMBERS; i++)
        go pass(link[i], link[i + 1]);
    int token = 0;
    for (int round = 0; round < ROUNDS; round++) {
        chan_send(link[0], token);
        token = chan_recv(link[MEMBERS]);
    }
    chan_close(link[0]);
    bool open = chan_recv_ok(link[MEMBERS], NULL);
    printf("token %d, ring is %s\n", token, open ? "open" : "closed");
    for (int i = 0; i <= MEMBERS; i++)
        chan_free(link[i]);
}

// CHECK: token 20000, ring is closed
