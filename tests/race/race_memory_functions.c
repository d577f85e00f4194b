/* memcpy, memmove, memset, memcmp, memchr: what they read and what they write. */
// FLAGS: -fno-builtin
#include "pair.h"

#include <string.h>

char bytes[6][100];
char other[100];

static void first(void)
{
    memcpy(bytes[0], other, 100);  // CHECK-DAG: .c:[[#@LINE]]:
    memmove(other, bytes[1], 100); // CHECK-DAG: .c:[[#@LINE]]:
    memset(bytes[2], 1, 100);      // CHECK-DAG: .c:[[#@LINE]]:
    memset(bytes[4], 2, 100);
    CHECK(memcmp(bytes[3], bytes[4], 100) != 0); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK(memchr(bytes[5], 1, 100) == NULL);     // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    bytes[0][99] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    bytes[1][99] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    bytes[2][99] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    bytes[3][99] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    bytes[5][99] = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
