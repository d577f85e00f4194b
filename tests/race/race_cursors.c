/* What cursors went over is checked a line at a time: all of it, and with its own line. */
// FLAGS: -O2
#include "cursors.h"
#include "pair.h"

static volatile int met;

__attribute__((__noinline__)) static void first(void)
{
    int i = 0, j = LENGTH - 1, x, y;
    do {
        while ((x = up[i]) == 0) // CHECK-DAG: .c:[[#@LINE]]:21
            i++;
        while ((y = down[j]) == 0) // CHECK-DAG: .c:[[#@LINE]]:21
            j--;
        i++;
        j--;
    } while (x + y != BOTH);
    met = i + j;
}

static void second(void)
{
    up[0] = 3;            // CHECK-DAG: .c:[[#@LINE]]:11
    up[15] = 3;           // CHECK-DAG: .c:[[#@LINE]]:12
    up[16] = 3;           // CHECK-DAG: .c:[[#@LINE]]:12
    up[LAST_UP] = 3;      // CHECK-DAG: .c:[[#@LINE]]:17
    down[LENGTH - 1] = 3; // CHECK-DAG: .c:[[#@LINE]]:22
    down[80] = 3;         // CHECK-DAG: .c:[[#@LINE]]:14
    down[79] = 3;         // CHECK-DAG: .c:[[#@LINE]]:14
    down[LAST_DOWN] = 3;  // CHECK-DAG: .c:[[#@LINE]]:21
}

int main(void)
{
    lay_out();
    pair_in_order();
}
