/* Go's select_test.go. */
#include "cases.h"

static chan(bool) c;
static chan(bool) c1;

static void make_channels(int capacity)
{
    c = chan_make(bool, capacity);
    c1 = chan_make(bool, 0);
}

static void send_to_either(void)
{
    chan_select {
        chan_case_send(c, true) {
        }
        chan_case_send(c1, true) {
        }
    }
}

static void send_or_recv(void)
{
    chan_select {
        chan_case_send(c, true) {
        }
        chan_case_recv(c1) {
        }
    }
}

static void recv_from_either(void)
{
    chan_select {
        chan_case_recv(c) {
        }
        chan_case_recv(c1) {
        }
    }
}

CASE(NoRaceSelect1)
{
    make_channels(0);
    __block int x = 0;
    chan(bool) done = beside(^{
        x = 1;
        send_to_either();
    });
    chan_select {
        chan_case_recv(c) {
        }
        chan_case_send(c1, true) {
        }
    }
    x = 2;
    chan_recv(done);
}

CASE(NoRaceSelect2)
{
    make_channels(0);
    __block int x = 0;
    chan(bool) done = beside(^{
        recv_from_either();
        x = 1;
    });
    x = 2;
    chan_close(c);
    goc_yield();
    chan_recv(done);
}

CASE(NoRaceSelect3)
{
    make_channels(10);
    __block int x = 0;
    chan(bool) done = beside(^{
        x = 1;
        send_or_recv();
    });
    chan_recv(c);
    x = 2;
    chan_recv(done);
}

struct task {
    void (^work)(void);
    chan(bool) done;
};

static void work_for_ever(chan(struct task) queue)
{
    for (;;) {
        struct task t = {0};
        chan_select {
            chan_case_recv(queue, t) {
            }
        }
        t.work();
        chan_send(t.done, true);
    }
}

static void let_work(chan(struct task) queue, chan(bool) never, void (^work)(void))
{
    struct task t = {work, chan_make(bool, 1)};
    chan_select {
        chan_case_send(queue, t) {
        }
        chan_case_recv(never) {
        }
    }
    chan_select {
        chan_case_recv(t.done) {
        }
        chan_case_recv(never) {
        }
    }
}

CASE(NoRaceSelect4)
{
    chan(struct task) queue = chan_make(struct task, 0);
    chan(bool) never = chan_make(bool, 0);
    go work_for_ever(queue);
    __block int x = 0;
    let_work(queue, never, ^{
        x = 1;
    });
    use(x);
}

static void meet(bool by_select, bool yield_first)
{
    make_channels(0);
    __block int x = 0;
    both(
        ^{
            if (yield_first)
                goc_yield();
            x = 1;
            if (by_select)
                send_or_recv();
            else
                chan_send(c, true);
        },
        ^{
            if (by_select)
                recv_from_either();
            else
                chan_recv(c);
            x = 1;
        });
}

CASE(NoRaceSelect5)
{
    meet(true, true);
    meet(true, false);
    meet(false, true);
    meet(false, false);
}

CASE(RaceSelect1)
{
    make_channels(0);
    __block int x = 0;
    go ^{
        chan_recv(c);
        chan_recv(c);
    }();
    void (^send_and_write)(void) = ^{
        send_to_either();
        x = 1;
    };
    both(send_and_write, send_and_write);
}

CASE(RaceSelect2)
{
    make_channels(0);
    __block int x = 0;
    chan(bool) done = beside(^{
        x = 1;
        recv_from_either();
    });
    chan_close(c);
    x = 2;
    chan_recv(done);
}

CASE(RaceSelect3)
{
    make_channels(0);
    __block int x = 0;
    chan(bool) done = beside(^{
        x = 1;
        send_to_either();
    });
    x = 2;
    chan_select {
        chan_case_recv(c) {
        }
    }
    chan_recv(done);
}

CASE(RaceSelect4)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        chan_select
        {
            chan_default
            {
                x = 2;
}
}
});
use(x);
chan_recv(done);
}

/* Only the arm with a buffer can fire. */
CASE(RaceSelect5)
{
    make_channels(1);
    __block int x = 0;
    __block int y = 0;
    chan(bool) done = beside(^{
        chan_select
        {
            chan_case_send(c, true)
            {
                x = 1;
}
chan_case_send(c1, true) {
    y = 1;
}
}
});
use(x);
use(y);
chan_recv(done);
}
