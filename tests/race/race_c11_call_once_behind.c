/* What the first caller does behind call_once is before nobody. */
#include "pair.h"

#include <threads.h>

int shared;
static once_flag flag = ONCE_FLAG_INIT;

static void make(void) {}

static void first(void)
{
    call_once(&flag, make);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    call_once(&flag, make);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
