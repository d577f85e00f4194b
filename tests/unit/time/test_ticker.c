/* Tickers: tick after tick, none made up for, none of before a stop or a reset. */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/chan.h>
#include <goc/select.h>
#include <goc/time.h>

/* Does a tick lie in C?  A program cannot ask. */
static bool has_ticked(const goc_chan *c)
{
    return load_acquire(&c->count) == 1;
}

static bool receives(goc_chan *c)
{
    struct goc_select_case arm = {.chan = c, .op = GOC_SELECT_RECV};
    return goc_select(&arm, 1, true) == 0;
}

/* The n-th tick comes no earlier than n periods after the start. */
static void ticks_again_and_again(void)
{
    goc_duration period = 200 * GOC_MICROSECOND;
    goc_time start = goc_now();
    goc_ticker *t = goc_ticker_new(period);
    goc_time last = 0;
    for (int n = 1; n <= 20; n++) {
        goc_time at;
        CHECK(goc_chan_recv(goc_ticker_chan(t), &at));
        CHECK(at >= start + n * period);
        CHECK(at > last);
        last = at;
    }
    goc_ticker_free(t);
}

/* However long nobody looks, one tick waits. */
static void drops_what_nobody_receives(void)
{
    goc_ticker *t = goc_ticker_new(10 * GOC_MICROSECOND);
    PARTY_UNTIL(has_ticked(goc_ticker_chan(t)));
    goc_time after = goc_now();
    PARTY_UNTIL(goc_now() >= after + 5 * GOC_MILLISECOND);
    CHECK(has_ticked(goc_ticker_chan(t)));
    CHECK_EQ(goc_chan_len(goc_ticker_chan(t)), 0);
    CHECK_EQ(goc_chan_cap(goc_ticker_chan(t)), 0);
    goc_time at;
    CHECK(goc_chan_recv(goc_ticker_chan(t), &at));
    CHECK(at <= after); /* the first to come stayed */
    goc_ticker_free(t);
}

static void no_tick_after_a_stop(void)
{
    for (int i = 0; i < 200; i++) {
        goc_ticker *t = goc_ticker_new(GOC_MICROSECOND);
        for (int spin = 0; spin < i % 7; spin++)
            goc_yield();
        goc_ticker_stop(t);
        CHECK(!receives(goc_ticker_chan(t)));
        goc_ticker_stop(t);
        goc_ticker_free(t);
    }
}

static void reset_starts_a_new_period(void)
{
    goc_ticker *t = goc_ticker_new(GOC_MICROSECOND);
    PARTY_UNTIL(has_ticked(goc_ticker_chan(t)));
    goc_time before = goc_now();
    goc_ticker_reset(t, 2 * GOC_MILLISECOND);
    goc_time at;
    CHECK(goc_chan_recv(goc_ticker_chan(t), &at));
    CHECK(at >= before + 2 * GOC_MILLISECOND);
    goc_ticker_stop(t);
    goc_ticker_reset(t, GOC_MICROSECOND);
    CHECK(goc_chan_recv(goc_ticker_chan(t), NULL));
    goc_ticker_free(t);
}

static void huge_period(void)
{
    goc_ticker *t = goc_ticker_new(INT64_MAX);
    CHECK(!receives(goc_ticker_chan(t)));
    goc_ticker_free(t);
    goc_ticker_free(NULL);
    goc_timer_free(NULL);
}

static void no_period(void)
{
    goc_ticker_new(0);
}

static void negative_reset(void)
{
    goc_ticker_reset(goc_ticker_new(GOC_HOUR), -1);
}

static const struct isolated_case cases[] = {
    ISOLATED(ticks_again_and_again),
    ISOLATED(drops_what_nobody_receives),
    ISOLATED(no_tick_after_a_stop),
    ISOLATED(reset_starts_a_new_period),
    ISOLATED(huge_period),
    ISOLATED_PANIC(no_period, "panic: non-positive interval for NewTicker"),
    ISOLATED_PANIC(negative_reset, "panic: non-positive interval for Ticker.Reset"),
};

ISOLATED_MAIN(cases)
