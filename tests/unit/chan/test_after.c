/* A timer's channel: it fires, it may be freed before, and its receive frees it. */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/select.h>
#include <goc/time.h>

static void fires_in_time(void)
{
    goc_duration wait = 5 * GOC_MILLISECOND;
    goc_time start = goc_now();
    goc_time fired;
    CHECK(goc_chan_recv(goc_after_chan(wait), &fired));
    CHECK(fired >= start + wait);
    CHECK(fired <= goc_now());
}

static void fires_at_once_for_nothing(void)
{
    CHECK(goc_chan_recv(goc_after_chan(0), NULL));
    CHECK(goc_chan_recv(goc_after_chan(-GOC_HOUR), NULL));
    CHECK(goc_chan_recv(goc_after_chan(INT64_MIN), NULL));
}

static void never_overflows(void)
{
    struct goc_select_case never = {.chan = goc_after_chan(INT64_MAX),
                                    .op = GOC_SELECT_RECV};
    CHECK_EQ(goc_select(&never, 1, true), -1);
    goc_chan_free(never.chan);
}

static void freed_before_it_fires(void)
{
    for (int i = 0; i < 1000; i++)
        goc_chan_free(goc_after_chan(GOC_HOUR));
}

/* Freed at about the moment at which it fires. */
static void freed_while_it_fires(void)
{
    for (int i = 0; i < 1000; i++) {
        goc_chan *c = goc_after_chan(i % 7 * GOC_MICROSECOND);
        for (int spin = 0; spin < i % 11; spin++)
            goc_yield();
        goc_chan_free(c);
    }
}

static void buffered_until_received(void)
{
    goc_chan *c = goc_after_chan(GOC_MICROSECOND);
    PARTY_UNTIL(load_acquire(&c->count) == 1);
    CHECK_EQ(goc_chan_len(c), 0);
    CHECK_EQ(goc_chan_cap(c), 0);
    CHECK(goc_chan_recv(c, NULL));
}

static void in_a_select(void)
{
    goc_chan *never = goc_chan_make(sizeof(int), 0);
    for (int i = 0; i < 100; i++) {
        goc_time fired = 0;
        struct goc_select_case arms[] = {
            {.chan = never, .op = GOC_SELECT_RECV},
            {.chan = goc_after_chan(10 * GOC_MICROSECOND),
             .elem = &fired,
             .op = GOC_SELECT_RECV},
        };
        CHECK_EQ(goc_select(arms, 2, false), 1);
        CHECK(arms[1].ok);
        CHECK(fired > 0);
    }
    goc_chan_free(never);
}

static void many_at_once(void)
{
    enum { COUNT = 500 };
    static goc_chan *chans[COUNT];
    for (int i = 0; i < COUNT; i++)
        chans[i] = goc_after_chan(i % 10 * GOC_MILLISECOND);
    for (int i = 0; i < COUNT; i++)
        CHECK(goc_chan_recv(chans[i], NULL));
}

static const struct isolated_case cases[] = {
    ISOLATED(fires_in_time),        ISOLATED(fires_at_once_for_nothing),
    ISOLATED(never_overflows),      ISOLATED(freed_before_it_fires),
    ISOLATED(freed_while_it_fires), ISOLATED(buffered_until_received),
    ISOLATED(in_a_select),          ISOLATED(many_at_once),
};

ISOLATED_MAIN(cases)
