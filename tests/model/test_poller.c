/* The seam to the netpoller: one asks at a time, with all that the one before left, and whoever
 * sees somebody wait for events sees the poller. */
#include "model.h"
#include "sched/poller.h"

static struct poller poller; /* plain: filled in before it is set */
static int askers;           /* who may ask: plain */
static int asked;            /* likewise */

static bool wait_for_events(int64_t time)
{
    (void)time;
    MODEL_CHECK(askers++ == 0);
    asked++;
    return true;
}

static void deliver(void)
{
    MODEL_CHECK(--askers == 0);
}

static int descriptor(void)
{
    return 5;
}

static void flush(uint32_t p)
{
    MODEL_CHECK(p == 3);
}

static void set_up(void)
{
    poller = (struct poller){wait_for_events, deliver, descriptor, flush};
    goc__poller_set(&poller);
    goc__poller_count(1);
}

static void set_up_and_look(void *unused)
{
    (void)unused;
    set_up();
    goc__poller_look(1);
}

static void look(void *unused)
{
    (void)unused;
    goc__poller_look(1);
}

static void look_if_late(void *unused)
{
    (void)unused;
    goc__poller_look_if_late(1, 0);
}

static void flush_a_p(void *unused)
{
    (void)unused;
    goc__poller_flush(3);
}

static void empty(void *unused)
{
    (void)unused;
    goc__poller_empty(1);
}

static void ask_for_descriptor(void *unused)
{
    (void)unused;
    int fd = goc__poller_descriptor();
    MODEL_CHECK(fd == 5 || fd == -1);
}

static void sleep_there(void *unused)
{
    (void)unused;
    if (!goc__poller_claim())
        return;
    if (goc__poller_sleep(1))
        goc__poller_deliver();
    goc__poller_release();
}

static void two(void (*first)(void *), void (*second)(void *))
{
    model_thread(first, NULL);
    model_thread(second, NULL);
    model_join();
    MODEL_CHECK(askers == 0);
}

static void set_against_a_look(void)
{
    two(set_up_and_look, look);
}

static void set_against_a_late_look(void)
{
    two(set_up_and_look, look_if_late);
}

static void set_against_a_sleep(void)
{
    two(set_up_and_look, sleep_there);
}

static void set_against_a_flush(void)
{
    two(set_up_and_look, flush_a_p);
}

static void set_against_an_emptying(void)
{
    two(set_up_and_look, empty);
}

static void set_against_its_descriptor(void)
{
    two(set_up_and_look, ask_for_descriptor);
}

static void two_sleep(void)
{
    set_up();
    two(sleep_there, sleep_there);
    MODEL_CHECK(asked >= 1);
}

int main(void)
{
    model_explore("poller: set, a look", set_against_a_look, 3, 1);
    model_explore("poller: set, a late look", set_against_a_late_look, 3, 1);
    model_explore("poller: set, a sleep", set_against_a_sleep, 1, 1);
    model_explore("poller: set, a flush", set_against_a_flush, 3, 1);
    model_explore("poller: set, emptied", set_against_an_emptying, 3, 1);
    model_explore("poller: set, its descriptor", set_against_its_descriptor, 3, 1);
    model_explore("poller: two sleep", two_sleep, 3, 1);
}
