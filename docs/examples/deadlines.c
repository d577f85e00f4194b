/* Waiting, but not for ever: each blocking call has a twin with a deadline. */
#include <errno.h>
#include <goc.h>
#include <stdio.h>

static void answer(chan_send_only(int) answers)
{
    goc_sleep(10 * GOC_MILLISECOND);
    chan_send(answers, 42);
}

int main(void)
{
    chan(int) answers = chan_make(int, 0);
    go answer(answers);
    int value;
    if (chan_recv_until(answers, goc_now(), &value) == -ETIMEDOUT)
        printf("not yet\n");
    if (chan_recv_until(answers, goc_now() + GOC_MINUTE, &value) == 1)
        printf("%d\n", value);
    if (chan_send_until(answers, goc_now() + GOC_MILLISECOND, value) == -ETIMEDOUT)
        printf("nobody listens\n");
    chan_free(answers);
}

// CHECK:      not yet
// CHECK-NEXT: 42
// CHECK-NEXT: nobody listens
