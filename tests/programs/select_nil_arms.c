/* A channel variable set to NULL takes its arm out of a select: a merge of two inputs that
 * ends when both are closed. */
#include <goc.h>
#include <stdio.h>

static void count(int from, int to, chan_send_only(int) out)
{
    for (int i = from; i < to; i++)
        chan_send(out, i);
    chan_close(out);
}

static void merge(chan_recv_only(int) a, chan_recv_only(int) b, chan_send_only(int) out)
{
    while (a || b) {
        int value;
        bool ok;
        chan_select {
            chan_case_recv(a, value, ok) {
                if (!ok)
                    a = NULL;
            }
            chan_case_recv(b, value, ok) {
                if (!ok)
                    b = NULL;
            }
        }
        if (ok)
            chan_send(out, value);
    }
    chan_close(out);
}

int main(void)
{
    chan(int) a = chan_make(int, 0);
    chan(int) b = chan_make(int, 5);
    chan(int) both = chan_make(int, 0);
    go count(0, 1000, a);
    go count(1000, 1500, b);
    go merge(a, b, both);
    long sum = 0;
    int seen = 0;
    chan_range(value, both) {
        sum += value;
        seen++;
    }
    printf("%d values, sum %ld\n", seen, sum);
    chan_free(a);
    chan_free(b);
    chan_free(both);
}

// CHECK: 1500 values, sum 1124250
