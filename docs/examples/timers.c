/* A ticker, a timer that is stopped in time, and a function that a timer starts. */
#include <goc.h>
#include <stdio.h>

static goc_waitgroup done;

static void greet(void *name)
{
    printf("hello, %s\n", (char *)name);
    goc_waitgroup_done(&done);
}

int main(void)
{
    goc_ticker *ticker = goc_ticker_new(2 * GOC_MILLISECOND);
    goc_timer *alarm = goc_timer_new(GOC_HOUR);
    for (int ticks = 0; ticks < 3;) {
        chan_select {
            chan_case_recv(goc_ticker_c(ticker)) {
                printf("tick %d\n", ++ticks);
            }
            chan_case_recv(goc_timer_c(alarm)) {
                printf("late\n");
            }
        }
    }
    goc_ticker_free(ticker);
    printf("stopped in time: %d\n", goc_timer_stop(alarm));
    goc_timer_free(alarm);

    goc_waitgroup_add(&done, 1);
    goc_timer *later = goc_timer_func(GOC_MILLISECOND, greet, "later");
    goc_waitgroup_wait(&done);
    goc_timer_free(later);
}

// CHECK: tick 1
// CHECK-NEXT: tick 2
// CHECK-NEXT: tick 3
// CHECK-NEXT: stopped in time: 1
// CHECK-NEXT: hello, later
