/* Another file orders nothing. */
#include "pair.h"

#include <fcntl.h>
#include <stdlib.h>

// BEYOND TSAN: to it all files are one.

static char written[] = "race-file-a-XXXXXX";
static char looked_at[] = "race-file-b-XXXXXX";
static int data;

static void first(void)
{
    int fd = open(written, O_WRONLY);
    data = 1;
    CHECK_EQ(write(fd, "x", 1), 1);
    close(fd);
}

static void second(void)
{
    char byte;
    int fd = open(looked_at, O_RDONLY);
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_EQ(data, 1);
    close(fd);
}

int main(void)
{
    CHECK(mkstemp(written) >= 0);
    CHECK(mkstemp(looked_at) >= 0);
    pair_in_order();
    unlink(written);
    unlink(looked_at);
}
