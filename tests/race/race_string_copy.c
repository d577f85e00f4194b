/* strcpy, strcat, strdup and their kind read to the end and write behind it. */
// BEYOND TSAN: it misses the races of strcat and strdup
// FLAGS: -fno-builtin
#include "pair.h"

#include <stdlib.h>
#include <string.h>

char from[5][20] = {"abc", "abc", "abc", "abc", "abc"};
char to[5][20];

static void first(void)
{
    strcpy(to[0], from[0]);     // CHECK-DAG: .c:[[#@LINE]]:
    strcat(to[1], from[1]);     // CHECK-DAG: .c:[[#@LINE]]:
    strncpy(to[2], from[2], 9); // CHECK-DAG: .c:[[#@LINE]]:
    strncat(to[3], from[3], 9); // CHECK-DAG: .c:[[#@LINE]]:
    free(strdup(from[4]));      // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    to[0][3] = 'x';   // CHECK-DAG: .c:[[#@LINE]]:
    to[1][3] = 'x';   // CHECK-DAG: .c:[[#@LINE]]:
    to[2][8] = 'x';   // CHECK-DAG: .c:[[#@LINE]]:
    from[3][3] = 'x'; // CHECK-DAG: .c:[[#@LINE]]:
    from[4][3] = 'x'; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
