/* Go's chan_test.go: what channel operations order, and channel variables as memory. */
#include "cases.h"

#include <stdlib.h>

static struct barrier gate;

CASE(NoRaceChanSync)
{
    __block int v = 0;
    chan(int) c = chan_make(int, 0);
    go ^{
        v = 1;
        chan_send(c, 0);
    }();
    chan_recv(c);
    v = 2;
}

CASE(NoRaceChanSyncRev)
{
    __block int v = 0;
    chan(int) c = chan_make(int, 0);
    chan(bool) done = beside(^{
        chan_send(c, 0);
        v = 2;
    });
    v = 1;
    chan_recv(c);
    chan_recv(done);
}

CASE(NoRaceChanAsync)
{
    __block int v = 0;
    chan(int) c = chan_make(int, 10);
    go ^{
        v = 1;
        chan_send(c, 0);
    }();
    chan_recv(c);
    v = 2;
}

CASE(RaceChanAsyncRev)
{
    __block int v = 0;
    chan(int) c = chan_make(int, 10);
    chan(bool) done = beside(^{
        chan_send(c, 0);
        v = 1;
    });
    v = 2;
    chan_recv(c);
    chan_recv(done);
}

/* The closer's write is seen by who receives the close, however it receives. */
static chan(int) write_and_close(int *v, int capacity)
{
    chan(int) c = chan_make(int, capacity);
    go ^{
        *v = 1;
        chan_close(c);
    }();
    return c;
}

static void recv_and_write_deferred(chan(int) c, int *v)
{
    goc_defer ^{
        goc_recover();
        *v = 2;
    }();
    chan_recv(c);
}

static void recv_ok_and_write(chan(int) c, int *v)
{
    int elem;
    CHECK(!chan_recv_ok(c, &elem));
    *v = 2;
}

static void range_and_write(chan(int) c, int *v)
{
    chan_range(elem, c)
        use(elem);
    *v = 2;
}

CASE(NoRaceChanAsyncCloseRecv)
{
    int v = 0;
    recv_and_write_deferred(write_and_close(&v, 10), &v);
}

CASE(NoRaceChanAsyncCloseRecv2)
{
    int v = 0;
    recv_ok_and_write(write_and_close(&v, 10), &v);
}

CASE(NoRaceChanAsyncCloseRecv3)
{
    int v = 0;
    range_and_write(write_and_close(&v, 10), &v);
}

CASE(NoRaceChanSyncCloseRecv)
{
    int v = 0;
    recv_and_write_deferred(write_and_close(&v, 0), &v);
}

CASE(NoRaceChanSyncCloseRecv2)
{
    int v = 0;
    recv_ok_and_write(write_and_close(&v, 0), &v);
}

CASE(NoRaceChanSyncCloseRecv3)
{
    int v = 0;
    range_and_write(write_and_close(&v, 0), &v);
}

/* A sender learns of the close by a panic, which orders nothing. */
static void send_until_closed(chan(int) c)
{
    goc_defer ^{
        goc_recover();
    }();
    for (;;)
        chan_send(c, 0);
}

CASE(RaceChanSyncCloseSend)
{
    int v = 0;
    send_until_closed(write_and_close(&v, 0));
    v = 2;
}

CASE(RaceChanAsyncCloseSend)
{
    int v = 0;
    send_until_closed(write_and_close(&v, 10));
    v = 2;
}

static void close_or_write(chan(int) c, int *loser)
{
    goc_defer ^{
        if (goc_recover())
            *loser = 2;
    }();
    chan_close(c);
}

CASE(RaceChanCloseClose)
{
    __block int v1 = 0;
    __block int v2 = 0;
    chan(int) c = chan_make(int, 0);
    both(
        ^{
            v1 = 1;
            close_or_write(c, &v2);
        },
        ^{
            v2 = 1;
            close_or_write(c, &v1);
        });
}

CASE(RaceChanSendLen)
{
    __block int v = 0;
    chan(int) c = chan_make(int, 10);
    chan(bool) done = beside(^{
        v = 1;
        chan_send(c, 1);
    });
    while (chan_len(c) == 0)
        goc_yield();
    v = 2;
    chan_recv(done);
}

CASE(RaceChanRecvLen)
{
    __block int v = 0;
    chan(int) c = chan_make(int, 10);
    chan_send(c, 1);
    chan(bool) done = beside(^{
        v = 1;
        chan_recv(c);
    });
    while (chan_len(c) != 0)
        goc_yield();
    v = 2;
    chan_recv(done);
}

static void send_or_write(chan(int) c, int *full)
{
    chan_select {
        chan_case_send(c, 1) {
        }
        chan_default {
            *full = 2;
        }
    }
}

/* The one that finds the buffer full writes what the other has written. */
CASE(RaceChanSendSend)
{
    __block int v1 = 0;
    __block int v2 = 0;
    chan(int) c = chan_make(int, 1);
    both(
        ^{
            v1 = 1;
            send_or_write(c, &v2);
        },
        ^{
            v2 = 1;
            send_or_write(c, &v1);
        });
}

struct message {
    int x;
};

CASE(NoRaceChanPtr)
{
    chan(struct message *) c = chan_make(struct message *, 0);
    go ^{
        struct message *made = calloc(1, sizeof *made);
        made->x = 1;
        chan_send(c, made);
    }();
    struct message *m = chan_recv(c);
    m->x = 2;
    free(m);
}

/* Who received what the other has sent is not ordered with the other. */
CASE(RaceChanWrongSend)
{
    __block int v1 = 0;
    __block int v2 = 0;
    chan(int) c = chan_make(int, 2);
    chan(bool) one = beside(^{
        v1 = 1;
        chan_send(c, 1);
    });
    chan(bool) two = beside(^{
        v2 = 2;
        chan_send(c, 2);
    });
    if (chan_recv(c) == 1)
        v2 = 3;
    else
        v1 = 3;
    chan_recv(one);
    chan_recv(two);
}

static void send_recovering(chan(int) c)
{
    goc_defer ^{
        goc_recover();
    }();
    chan_send(c, 1);
}

CASE(RaceChanWrongClose)
{
    __block int v1 = 0;
    __block int v2 = 0;
    chan(int) c = chan_make(int, 1);
    chan(bool) sent = beside(^{
        v1 = 1;
        send_recovering(c);
    });
    chan(bool) closed = beside(^{
        v2 = 2;
        chan_close(c);
    });
    int elem;
    if (chan_recv_ok(c, &elem))
        v2 = 2;
    else
        v1 = 2;
    chan_recv(sent);
    chan_recv(closed);
}

CASE(RaceChanSendClose)
{
    chan(int) c = chan_make(int, 1);
    both(
        ^{
            send_recovering(c);
        },
        ^{
            chan_close(c);
        });
}

static void select_recovering(chan(int) c, chan(int) other)
{
    goc_defer ^{
        goc_recover();
    }();
    chan_select {
        chan_case_send(c, 1) {
        }
        chan_case_recv(other) {
        }
    }
}

CASE(RaceChanSendSelectClose)
{
    chan(int) c = chan_make(int, 1);
    chan(int) other = chan_make(int, 0);
    both(
        ^{
            select_recovering(c, other);
        },
        ^{
            chan_close(c);
        });
}

/* The value to send is read on entering the select, the one received written on leaving. */
static void send_x_or_to(chan(int) c, const int *x, chan(int) other)
{
    chan_select {
        chan_case_send(c, *x) {
        }
        chan_case_send(other, 1) {
        }
    }
}

static void recv_x_or_to(chan(int) c, int *x, chan(int) other)
{
    chan_select {
        chan_case_recv(c, *x) {
        }
        chan_case_send(other, 1) {
        }
    }
}

CASE(RaceSelectReadWriteAsync)
{
    int variable = 0;
    int *x = &variable;
    chan(int) c1 = chan_make(int, 10);
    chan(int) c2 = chan_make(int, 10);
    chan(int) c3 = chan_make(int, 0);
    chan_send(c2, 1);
    chan(bool) done = beside(^{
        send_x_or_to(c1, x, c3);
    });
    recv_x_or_to(c2, x, c3);
    chan_recv(done);
}

CASE(RaceSelectReadWriteSync)
{
    int variable = 0;
    int *x = &variable;
    chan(int) c1 = chan_make(int, 0);
    chan(int) c2 = chan_make(int, 0);
    chan(int) c3 = chan_make(int, 0);
    go ^{
        chan_recv(c1);
    }();
    go ^{
        chan_send(c2, 1);
    }();
    chan(bool) done = beside(^{
        send_x_or_to(c1, x, c3);
    });
    recv_x_or_to(c2, x, c3);
    chan_recv(done);
}

CASE(NoRaceSelectReadWriteAsync)
{
    int variable = 0;
    int *x = &variable;
    chan(int) c1 = chan_make(int, 0);
    chan(int) c2 = chan_make(int, 0);
    chan(bool) done = beside(^{
        send_x_or_to(c1, x, c2);
    });
    recv_x_or_to(c1, x, c2);
    chan_recv(done);
}

CASE(RaceChanReadWriteAsync)
{
    __block int x = 0;
    chan(int) c1 = chan_make(int, 10);
    chan(int) c2 = chan_make(int, 10);
    chan_send(c2, 10);
    chan(bool) done = beside(^{
        chan_send(c1, x);
    });
    x = chan_recv(c2);
    chan_recv(done);
}

CASE(RaceChanReadWriteSync)
{
    __block int x = 0;
    chan(int) c1 = chan_make(int, 0);
    chan(int) c2 = chan_make(int, 0);
    go ^{
        chan_recv(c1);
    }();
    go ^{
        chan_send(c2, 10);
    }();
    chan(bool) done = beside(^{
        chan_send(c1, x);
    });
    x = chan_recv(c2);
    chan_recv(done);
}

CASE(NoRaceChanReadWriteAsync)
{
    __block int x = 0;
    chan(int) c1 = chan_make(int, 10);
    chan(bool) done = beside(^{
        chan_send(c1, x);
    });
    x = chan_recv(c1);
    chan_recv(done);
}

struct task {
    void (^work)(void);
    chan(bool) done;
};

CASE(NoRaceProducerConsumerUnbuffered)
{
    chan(struct task) queue = chan_make(struct task, 0);
    go ^{
        struct task t = chan_recv(queue);
        t.work();
        chan_send(t.done, true);
    }();
    __block int x = 0;
    chan(bool) done = chan_make(bool, 1);
    void (^work)(void) = ^{
        x = 1;
    };
    struct task t = {work, done};
    chan_send(queue, t);
    chan_recv(done);
    use(x);
}

/* The variable that holds the channel is memory like any other. */

CASE(RaceChanItselfSend)
{
    __block chan(int) c = chan_make(int, 10);
    chan(bool) done = beside(^{
        chan_send(c, 0);
    });
    c = chan_make(int, 20);
    chan_recv(done);
}

CASE(RaceChanItselfRecv)
{
    __block chan(int) c = chan_make(int, 10);
    chan_send(c, 1);
    chan(bool) done = beside(^{
        chan_recv(c);
        barrier_arrive(&gate);
    });
    see(&gate, 1);
    c = chan_make(int, 20);
    chan_recv(done);
}

CASE(RaceChanItselfNil)
{
    __block chan(int) c = chan_make(int, 10);
    chan(bool) done = beside(^{
        chan_send(c, 0);
        barrier_arrive(&gate);
    });
    see(&gate, 1);
    c = NULL;
    chan_recv(done);
}

CASE(RaceChanItselfClose)
{
    __block chan(int) c = chan_make(int, 0);
    chan(bool) done = beside(^{
        chan_close(c);
    });
    c = chan_make(int, 0);
    chan_recv(done);
}

CASE(RaceChanItselfLen)
{
    __block chan(int) c = chan_make(int, 0);
    chan(bool) done = beside(^{
        use((long)chan_len(c));
    });
    c = chan_make(int, 0);
    chan_recv(done);
}

CASE(RaceChanItselfCap)
{
    __block chan(int) c = chan_make(int, 0);
    chan(bool) done = beside(^{
        use((long)chan_cap(c));
    });
    c = chan_make(int, 0);
    chan_recv(done);
}

CASE(NoRaceChanCloseLen)
{
    chan(int) c = chan_make(int, 10);
    both(
        ^{
            use((long)chan_len(c));
        },
        ^{
            chan_close(c);
        });
}

CASE(NoRaceChanCloseCap)
{
    chan(int) c = chan_make(int, 10);
    both(
        ^{
            use((long)chan_cap(c));
        },
        ^{
            chan_close(c);
        });
}

CASE(RaceChanCloseSend)
{
    chan(int) c = chan_make(int, 10);
    chan(bool) done = beside(^{
        see(&gate, 1);
        chan_close(c);
    });
    chan_send(c, 0);
    barrier_arrive(&gate);
    chan_recv(done);
}

/* A buffer of one is a mutex, one of two is not. */

CASE(NoRaceChanMutex)
{
    chan(struct nothing) mutex = chan_make(struct nothing, 1);
    __block int data = 0;
    both(
        ^{
            chan_send(mutex, (struct nothing){});
            data = 42;
            chan_recv(mutex);
        },
        ^{
            chan_send(mutex, (struct nothing){});
            data = 43;
            chan_recv(mutex);
        });
}

static void locked_by_select(chan(struct nothing) mutex, chan(bool) never, int *data,
                             int value)
{
    chan_select {
        chan_case_send(mutex, (struct nothing){}) {
        }
        chan_case_recv(never) {
        }
    }
    *data = value;
    chan_select {
        chan_case_recv(mutex) {
        }
        chan_case_recv(never) {
        }
    }
}

CASE(NoRaceSelectMutex)
{
    chan(struct nothing) mutex = chan_make(struct nothing, 1);
    chan(bool) never = chan_make(bool, 0);
    int variable = 0;
    int *data = &variable;
    chan(bool) done = beside(^{
        locked_by_select(mutex, never, data, 42);
    });
    locked_by_select(mutex, never, data, 43);
    chan_recv(done);
}

CASE(RaceChanSem)
{
    chan(bool) mutex = chan_make(bool, 2);
    __block int data = 0;
    both(
        ^{
            chan_send(mutex, true);
            data = 42;
            chan_recv(mutex);
        },
        ^{
            chan_send(mutex, true);
            data = 43;
            chan_recv(mutex);
        });
}

CASE(NoRaceChanWaitGroup)
{
    enum { COUNT = 10 };
    chan(bool) wait = chan_make(bool, COUNT / 2);
    int memory[COUNT] = {0};
    int *data = memory;
    for (int i = 0; i < COUNT; i++) {
        chan_send(wait, true);
        go ^(int n) {
            data[n] = 42;
            chan_recv(wait);
        }(i);
    }
    for (size_t i = 0; i < chan_cap(wait); i++)
        chan_send(wait, true);
    for (int i = 0; i < COUNT; i++)
        use(data[i]);
}

/* A sender is ordered with its receiver also where it had to wait first. */
static chan(int *) blocked_sender(void)
{
    chan(int *) c = chan_make(int *, 1);
    chan_send(c, NULL);
    go ^{
        int *i = calloc(1, sizeof *i);
        *i = 42;
        barrier_arrive(&gate);
        chan_send(c, i);
    }();
    see(&gate, 1);
    for (int i = 0; i < 10; i++)
        goc_yield();
    chan_recv(c);
    return c;
}

CASE(NoRaceBlockedSendSync)
{
    chan(int *) c = blocked_sender();
    int *p = chan_recv(c);
    CHECK_EQ(*p, 42);
    free(p);
}

CASE(NoRaceBlockedSelectSendSync)
{
    chan(int *) c = blocked_sender();
    chan(int) never = chan_make(int, 0);
    int *p = NULL;
    chan_select {
        chan_case_recv(c, p) {
            CHECK_EQ(*p, 42);
        }
        chan_case_recv(never) {
        }
    }
    free(p);
}

static void read_if_closed(chan(struct nothing) written, const int *place)
{
    chan_select {
        chan_case_recv(written) {
            use(*place);
        }
        chan_default {
        }
    }
}

CASE(NoRaceCloseHappensBeforeRead)
{
    for (int i = 0; i < 100; i++) {
        int variable = 0;
        int *place = &variable;
        chan(struct nothing) written = chan_make(struct nothing, 0);
        both(
            ^{
                read_if_closed(written, place);
            },
            ^{
                *place = 1;
                chan_close(written);
            });
    }
}

CASE(NoRaceElemetSize0)
{
    __block int x = 0;
    __block int y = 0;
    chan(struct nothing) c = chan_make(struct nothing, 2);
    chan_send(c, (struct nothing){});
    chan_send(c, (struct nothing){});
    go ^{
        x += 1;
        chan_recv(c);
    }();
    go ^{
        y += 1;
        chan_recv(c);
    }();
    chan_send(c, (struct nothing){});
    chan_send(c, (struct nothing){});
    x += 1;
    y += 1;
}
