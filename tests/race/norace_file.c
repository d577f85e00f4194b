/* Who reads from a file what another has written there comes after it, by whatever descriptor. */
#include "pair.h"

#include <fcntl.h>
#include <stdlib.h>

static char path[] = "norace-file-XXXXXX";
static int data;

static void first(void)
{
    int fd = open(path, O_WRONLY);
    data = 1;
    CHECK_EQ(write(fd, "x", 1), 1);
    close(fd);
}

static void second(void)
{
    char byte;
    int fd = open(path, O_RDONLY);
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ(data, 1);
    close(fd);
}

int main(void)
{
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    pair_in_order();
    unlink(path);
}
