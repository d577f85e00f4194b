/* A program that has an event loop of its own drives goroutines from it: they run on the
 * loop's thread, whenever the runtime's descriptor is readable. */
#include <goc.h>
#include <goc/loop.h>
#include <poll.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Goroutines write as if there were no loop. */
static void count_down(chan_recv_only(int) from, chan_send_only(int) steps)
{
    for (int i = chan_recv(from); i > 0; i--) {
        goc_sleep(GOC_MILLISECOND);
        chan_send(steps, i);
        goc_poll_wake(); /* the loop may be asleep, if this runs on another thread */
    }
    chan_close(steps);
    goc_poll_wake();
}

int main(void)
{
    chan(int) from = chan_make(int, 1);
    chan(int) steps = chan_make(int, 1);
    go count_down(from, steps);

    /* What the loop watches: a timer of its own, and the runtime. */
    int start = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct itimerspec soon = {.it_value.tv_nsec = 5000000};
    timerfd_settime(start, 0, &soon, NULL);
    struct pollfd watched[] = {
        {.fd = start, .events = POLLIN},
        {.fd = goc_poll_fd(), .events = POLLIN},
    };

    bool open = true;
    bool more;
    while (open) {
        poll(watched, 2, -1);
        if (watched[0].revents) { /* a callback: it may use channels */
            printf("the timer\n");
            chan_send(from, 3);
            watched[0].fd = -1;
        }
        if (watched[1].revents)
            goc_step(GOC_MILLISECOND);
        do { /* what goroutines have sent, without waiting for more */
            int step;
            chan_select {
                chan_case_recv(steps, step, open) {
                    more = open;
                    if (open)
                        printf("step %d\n", step);
                }
                chan_default {
                    more = false;
                }
            }
        } while (more);
    }
    goc_poll_end();
    close(start);
    chan_free(from);
    chan_free(steps);
    printf("over\n");
}

// CHECK:      the timer
// CHECK-NEXT: step 3
// CHECK-NEXT: step 2
// CHECK-NEXT: step 1
// CHECK-NEXT: over
