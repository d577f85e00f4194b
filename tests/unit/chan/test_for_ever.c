/* What blocks for ever says so: the process ends with every goroutine asleep. */
#include "isolated.h"

#include <goc/select.h>

static goc_chan *int_chan(size_t capacity)
{
    return goc_chan_make(sizeof(int), capacity);
}

static struct goc_select_case recv_case(goc_chan *c)
{
    return (struct goc_select_case){.chan = c, .op = GOC_SELECT_RECV};
}

static struct goc_select_case send_case(goc_chan *c, void *elem)
{
    return (struct goc_select_case){.chan = c, .elem = elem, .op = GOC_SELECT_SEND};
}

static void recv_of_empty(void)
{
    goc_chan_recv(int_chan(0), NULL);
}

static void send_to_full(void)
{
    goc_chan *c = int_chan(1);
    int value = 1;
    goc_chan_send(c, &value);
    goc_chan_send(c, &value);
}

static void one_arm_not_ready(void)
{
    struct goc_select_case recv = recv_case(int_chan(1));
    goc_select(&recv, 1, false);
}

static void one_nil_arm_to_recv(void)
{
    struct goc_select_case recv = recv_case(NULL);
    goc_select(&recv, 1, false);
}

static void one_nil_arm_to_send(void)
{
    int value = 1;
    struct goc_select_case send = send_case(NULL, &value);
    goc_select(&send, 1, false);
}

static void one_send_arm_of_closed(void)
{
    int value = 1;
    goc_chan *c = int_chan(1);
    goc_chan_close(c);
    struct goc_select_case send = send_case(c, &value);
    goc_select(&send, 1, false);
}

#define ASLEEP "all goroutines are asleep - deadlock!"

static const struct isolated_case cases[] = {
    ISOLATED_PANIC(recv_of_empty, ASLEEP),
    ISOLATED_PANIC(send_to_full, ASLEEP),
    ISOLATED_PANIC(one_arm_not_ready, ASLEEP),
    ISOLATED_PANIC(one_nil_arm_to_recv, ASLEEP),
    ISOLATED_PANIC(one_nil_arm_to_send, ASLEEP),
    ISOLATED_PANIC(one_send_arm_of_closed, "panic: send on closed channel"),
};

ISOLATED_MAIN(cases)
