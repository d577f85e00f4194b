/* localtime and its kind answer with an object of libc's that all threads share. */
#include "pair.h"

#include <time.h>

static void first(void)
{
    time_t now = 0;
    CHECK_EQ(gmtime(&now)->tm_year, 70); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    time_t now = 0;
    CHECK_EQ(gmtime(&now)->tm_year, 70); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
