/* Select with a timeout: whichever is ready first.  The answer never comes.
 * Receiving from a timer's channel also frees it; one that is not received from is freed
 * like any other. */
#include <goc.h>
#include <stdio.h>

int main(void)
{
    chan(int) answers = chan_make(int, 0);
    chan_recv_only(goc_time) timeout = goc_after(20 * GOC_MILLISECOND);
    int answer;
    chan_select {
        chan_case_recv(answers, answer) {
            printf("the answer is %d\n", answer);
            chan_free(timeout);
        }
        chan_case_recv(timeout) {
            printf("timed out\n");
        }
    }
    chan_free(answers);
}

// CHECK: timed out
