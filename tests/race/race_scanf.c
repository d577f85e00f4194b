/* sscanf writes what it assigns, and nothing behind the first field that did not match. */
#include "pair.h"

#include <stdio.h>

int number;
char word[20];
int unmatched;

static void first(void)
{
    const char *format = "%d %19s %d";
    int count = sscanf("17 abc x", format, &number, word, &unmatched);
    // CHECK-DAG: .c:[[#@LINE-1]]:
    CHECK_EQ(count, 2);
}

static void second(void)
{
    word[3] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
    unmatched = 1;
    word[4] = 'Q';
}

int main(void)
{
    pair_in_order();
}

// CHECK-GOC: Found 1 data race
