/* strtok has a state of its own that two threads share; strtok_r writes the text. */
// BEYOND TSAN: it does not know strtok
#include "pair.h"

#include <string.h>

char mine[] = "a b";
char theirs[] = "a b";
char both[] = "a b";

static void first(void)
{
    char *state;
    CHECK_STR(strtok(mine, " "), "a");           // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_STR(strtok_r(both, " ", &state), "a"); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_STR(strtok(theirs, " "), "a"); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(both[1], 0);                // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
