/* The whole scheduler: goroutines on two Ps, Ms started as tasks, the monitor beside them.  Too
 * large for every schedule; random ones.  That nothing is left to the monitor's next look, the
 * clock tells: it only moves when all sleep. */
#include "model.h"

#include <goc/chan.h>
#include <goc/go.h>
#include <goc/select.h>
#include <goc/sync.h>

static goc_chan *c;
static goc_chan *back;
static goc_waitgroup group;
static int parts[4]; /* plain */

static void echo(void *unused)
{
    (void)unused;
    int value;
    while (goc_chan_recv(c, &value)) {
        value++;
        goc_chan_send(back, &value);
    }
    goc_waitgroup_done(&group);
}

static void ping_pong(void)
{
    c = goc_chan_make(sizeof(int), 0);
    back = goc_chan_make(sizeof(int), 0);
    goc_waitgroup_add(&group, 1);
    goc_go(echo, NULL, 0);
    for (int i = 0; i < 3; i++) {
        int value = i;
        goc_chan_send(c, &value);
        MODEL_CHECK(goc_chan_recv(back, &value));
        MODEL_CHECK(value == i + 1);
    }
    goc_chan_close(c);
    goc_waitgroup_wait(&group);
    goc_chan_free(c);
    goc_chan_free(back);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void do_part(void *number)
{
    int n = *(int *)number;
    goc_yield();
    parts[n] = n + 1;
    goc_waitgroup_done(&group);
}

static void fan_out(void)
{
    goc_waitgroup_add(&group, 4);
    for (int i = 0; i < 4; i++)
        goc_go(do_part, &i, sizeof i);
    goc_waitgroup_wait(&group);
    for (int i = 0; i < 4; i++)
        MODEL_CHECK(parts[i] == i + 1);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void send_some(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct goc_select_case cases[] = {{.chan = c, .elem = &i, .op = GOC_SELECT_SEND},
                                          {.chan = back, .op = GOC_SELECT_RECV}};
        MODEL_CHECK(goc_select(cases, 2, false) == 0);
    }
    goc_waitgroup_done(&group);
}

static void select_and_range(void)
{
    c = goc_chan_make(sizeof(int), 1);
    back = goc_chan_make(sizeof(int), 0);
    goc_waitgroup_add(&group, 2);
    goc_go(send_some, NULL, 0);
    goc_go(send_some, NULL, 0);
    int sum = 0;
    for (int i = 0; i < 4; i++) {
        int value;
        MODEL_CHECK(goc_chan_recv(c, &value));
        sum += value;
    }
    MODEL_CHECK(sum == 2);
    goc_waitgroup_wait(&group);
    goc_chan_free(c);
    goc_chan_free(back);
    MODEL_CHECK(model_time_jumps() == 0);
}

/* A plain thread and a goroutine. */
static void thread_sends(void *unused)
{
    (void)unused;
    parts[0] = 1;
    int value = 7;
    goc_chan_send(c, &value);
}

static void with_a_thread(void)
{
    c = goc_chan_make(sizeof(int), 0);
    model_thread(thread_sends, NULL);
    int value;
    MODEL_CHECK(goc_chan_recv(c, &value));
    MODEL_CHECK(value == 7);
    MODEL_CHECK(parts[0] == 1);
    goc_chan_free(c);
    MODEL_CHECK(model_time_jumps() == 0);
}

/* While the monitor and thieves look at all of them. */
static void more_ps(void)
{
    goc_waitgroup_add(&group, 2);
    for (int i = 0; i < 2; i++)
        goc_go(do_part, &i, sizeof i);
    goc_maxprocs(4);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(parts[0] + parts[1] == 3);
}

int main(void)
{
    model_random("runtime: ping-pong", ping_pong, 5, 4000);
    model_random("runtime: fan out", fan_out, 5, 4000);
    model_random("runtime: select", select_and_range, 5, 4000);
    model_random("runtime: more Ps", more_ps, 5, 2000);
    model_random("runtime: a plain thread", with_a_thread, 5, 4000);
}
