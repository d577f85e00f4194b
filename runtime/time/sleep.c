/* Now, and sleeping.  A sleeping goroutine is a timer on its own stack. */
#include "os/clock.h"
#include "sched/bubble.h"
#include "sched/park.h"
#include "sched/timers.h"

#include <goc/time.h>
#include <stddef.h>

struct sleeper {
    struct timer timer;
    struct g *g;
    int64_t when;
};

goc_time goc_now(void)
{
    return goc__bubble_now();
}

goc_time goc_deadline_after(goc_duration d)
{
    return goc__timer_when(d);
}

static void wake(struct timer *timer, int64_t now)
{
    (void)now;
    struct sleeper *sleeper = (struct sleeper *)(void *)timer;
    goc__ready(sleeper->g, 0);
}

_Static_assert(offsetof(struct sleeper, timer) == 0, "wake goes from one to the other");

/* The sleeper is off its stack: the timer may fire at once. */
static bool arm(void *argument)
{
    struct sleeper *sleeper = argument;
    goc__timer_start(&sleeper->timer, sleeper->when);
    return true;
}

static void sleep_until(int64_t when)
{
    struct sleeper sleeper = {.g = goc__self(), .when = when};
    if (goc__is_thread(sleeper.g) && goc__bubble_id() == 0) {
        goc__clock_sleep_until(sleeper.when);
        return;
    }
    goc__timer_init(&sleeper.timer, wake);
    sleeper.timer.waiter = sleeper.g;
    goc__park(arm, &sleeper, goc__bubble_reason(WAIT_SLEEP, true), NULL);
}

void goc_sleep(goc_duration d)
{
    if (d <= 0)
        return;
    sleep_until(goc__timer_when(d));
}

void goc_sleep_until(goc_time time)
{
    if (time > goc__bubble_now())
        sleep_until(time);
}
