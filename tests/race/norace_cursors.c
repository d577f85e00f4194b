/* What cursors did not go over, or stepped over, is not checked, though it is of the same line. */
// FLAGS: -O2
#include "cursors.h"
#include "pair.h"

static volatile int met;

__attribute__((__noinline__)) static void first(void)
{
    int i = 3, j = LENGTH - 5, x, y;
    do {
        while ((x = up[i]) == 0)
            i++;
        while ((y = down[j]) == 0)
            j--;
        i += 2;
        j -= 2;
    } while (x + y != BOTH);
    met = i + j;
}

static void second(void)
{
    up[2] = 3;
    up[17] = 3; // stepped over, as down[72] is
    down[72] = 3;
    up[LAST_UP + 1] = 3;
    down[LENGTH - 4] = 3;
    down[LAST_DOWN - 1] = 3;
}

int main(void)
{
    lay_out();
    pair_in_order();
}
