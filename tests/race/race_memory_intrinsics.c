/* The same as the compiler knows them, large and small. */
#include "pair.h"

#include <string.h>

char large[3][1000];
char small[3][24];

static void first(void)
{
    memcpy(large[0], large[1], sizeof large[0]); // CHECK-DAG: .c:[[#@LINE]]:
    memset(large[2], 1, sizeof large[2]);        // CHECK-DAG: .c:[[#@LINE]]:
    memcpy(small[0], small[1], sizeof small[0]); // CHECK-DAG: .c:[[#@LINE]]:
    memset(small[2], 1, sizeof small[2]);        // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    large[1][999] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    large[2][999] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    small[1][23] = 1;  // CHECK-DAG: .c:[[#@LINE]]:
    small[2][23] = 1;  // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
