/* One thread puts another file in a descriptor's place, and one closes whatever is there. */
#include "pair.h"

#include <fcntl.h>
#include <unistd.h>

static int file, other;

static void first(void)
{
    CHECK_EQ(dup2(other, file), file); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(close(file), 0); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    file = open("/dev/null", O_WRONLY);
    other = open("/dev/zero", O_RDONLY);
    pair_in_order();
}
