/* Threads on bytes of their own, in one word, do not race; nor do fields of a struct that
 * the optimizer loads with vectors. */
// FLAGS: -O2
#include "pair.h"

#define COUNT 256

struct pair_of_fields {
    int mine, yours;
};

static char bytes[8];
static struct pair_of_fields fields[COUNT];

__attribute__((noinline)) static int sum(const struct pair_of_fields *from, int count)
{
    int total = 0;
    for (int i = 0; i < count; i++)
        total += from[i].mine;
    return total;
}

static void first(void)
{
    bytes[0] = bytes[2] = bytes[4] = bytes[6] = 1;
    for (int i = 0; i < COUNT; i++)
        fields[i].yours = i;
}

static void second(void)
{
    bytes[1] = bytes[3] = bytes[5] = bytes[7] = 1;
    CHECK_EQ(sum(fields, COUNT), 0);
}

int main(void)
{
    pair_in_order();
}
