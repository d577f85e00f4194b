/* printf reads no further than the precision, sprintf writes no further than the text. */
#include "pair.h"

#include <stdio.h>

char part[20] = "abcdef";
char result[20];

static void first(void)
{
    printf("%.3s %s %% %5d %lld %Lf %p %zu\n", part, "x", 1, 2LL, 3.0L, (void *)part,
           sizeof part);
    CHECK_EQ(snprintf(result, sizeof result, "%s", "abc"), 3);
}

static void second(void)
{
    part[3] = 'Q';
    result[4] = 'Q';
}

int main(void)
{
    pair_in_order();
}
