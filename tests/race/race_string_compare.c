/* Comparing and searching read what decides: also through a pointer to the function. */
// BEYOND TSAN: it misses the race of atoi
// FLAGS: -fno-builtin
#include "pair.h"

#include <stdlib.h>
#include <string.h>

char text[4][20] = {"abcdef", "abXdef", "x=y", "17 apples"};
static int (*compare)(const char *, const char *) = strcmp;

static void first(void)
{
    CHECK(compare(text[0], text[1]) > 0);       // CHECK-DAG: .c:[[#@LINE]]:
    CHECK(strchr(text[2], '=') == text[2] + 1); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(atoi(text[3]), 17);                // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    text[1][2] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
    text[2][1] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
    text[3][1] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
