/* GOC_RACE=halt_on_error=1: the first race is the last thing that happens. */
// GOC_RACE: halt_on_error=1
#include "pair.h"

#include <unistd.h>

int first_word;
int second_word;

static void first(void)
{
    first_word = 1;
    second_word = 1;
}

// CHECK: WARNING: DATA RACE
// CHECK: race_halt.c:[[#@LINE+5]]:
// CHECK-NOT: second_word
// CHECK-NOT: went on
static void second(void)
{
    first_word = 2;
    (void)!write(STDOUT_FILENO, "went on\n", 8);
    second_word = 2;
}

int main(void)
{
    pair_in_order();
}
