/* Cancelling: workers that would go on for ever stop when their context ends.  Each holds a
 * reference of its own; what it waits for ends with the context. */
#include <goc.h>
#include <stdio.h>

static void count(goc_context *context, chan_send_only(int) numbers, goc_waitgroup *done)
{
    for (int n = 1; goc_context_err(context) == 0; n++) {
        chan_select {
            chan_case_send(numbers, n) {
            }
            chan_case_recv(goc_context_done(context)) {
            }
        }
    }
    goc_context_release(context);
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_context *context = goc_context_with_cancel(goc_context_background());
    chan(int) numbers = chan_make(int, 0);
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 1);
    go count(goc_context_retain(context), numbers, &done);
    for (int i = 0; i < 3; i++)
        printf("%d\n", chan_recv(numbers));
    goc_context_cancel(context);
    goc_waitgroup_wait(&done);
    printf("stopped\n");

    /* The same by time: a deadline ends the wait. */
    goc_context *soon =
        goc_context_with_timeout(goc_context_background(), 10 * GOC_MILLISECOND);
    chan_recv(goc_context_done(soon));
    printf("%s\n",
           goc_context_err(soon) == goc_context_err(context) ? "cancelled" : "timed out");
    goc_context_release(soon);
    goc_context_release(context);
    chan_free(numbers);
}

// CHECK:      1
// CHECK-NEXT: 2
// CHECK-NEXT: 3
// CHECK-NEXT: stopped
// CHECK-NEXT: timed out
