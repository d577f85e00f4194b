/* printf reads the strings of its arguments, sprintf writes its result. */
// BEYOND TSAN: it misses a string with a precision
#include "pair.h"

#include <stdio.h>

char name[20] = "abc";
char part[20] = "abcdef";
char result[20];

static void first(void)
{
    printf("%d %-5s %5.2f\n", 1, name, 2.5);       // CHECK-DAG: .c:[[#@LINE]]:
    fprintf(stdout, "%*ld%.*s\n", 5, 7L, 3, part); // CHECK-DAG: .c:[[#@LINE]]:
    int length = snprintf(result, sizeof result, "%c%d", 'a', 5);
    // CHECK-DAG: .c:[[#@LINE-1]]:
    CHECK_EQ(length, 2);
}

static void second(void)
{
    name[2] = 'Q';   // CHECK-DAG: .c:[[#@LINE]]:
    part[2] = 'Q';   // CHECK-DAG: .c:[[#@LINE]]:
    result[2] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
