/* A pipeline: generate, square, print.  Each stage owns the sending end of its output,
 * and says so in its type: a stage that received from its output would not compile. */
#include <goc.h>
#include <stdio.h>

static void generate(int count, chan_send_only(int) out)
{
    for (int i = 1; i <= count; i++)
        chan_send(out, i);
    chan_close(out);
}

static void square(chan_recv_only(int) in, chan_send_only(int) out)
{
    chan_range(n, in) {
        chan_send(out, n * n);
    }
    chan_close(out);
}

int main(void)
{
    chan(int) naturals = chan_make(int, 0);
    chan(int) squares = chan_make(int, 0);
    go generate(5, naturals);
    go square(naturals, squares);

    chan_range(n, squares) {
        printf("%d\n", n);
    }
    chan_free(naturals);
    chan_free(squares);
}

// CHECK:      1
// CHECK-NEXT: 4
// CHECK-NEXT: 9
// CHECK-NEXT: 16
// CHECK-NEXT: 25
