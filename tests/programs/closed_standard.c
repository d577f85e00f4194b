/* The runtime's own descriptors are none of 0, 1 and 2, also where the program has closed those. */
#include <errno.h>
#include <fcntl.h>
#include <goc.h>
#include <stdio.h>
#include <unistd.h>

enum { PIPE_FROM = 20, BLOCKED_US = 60000, SLEEP_NS = 1000000 };

/* Blocked for so long that the monitor looks at the thread, which takes a descriptor. */
static void block_and_write(int fd)
{
    usleep(BLOCKED_US); /* tidy: sleep, because a blocked thread is the subject */
    goc_write(fd, "x", 1);
}

int main(void)
{
    int output = fcntl(STDOUT_FILENO, F_DUPFD, PIPE_FROM);
    int ends[2];
    if (pipe(ends) != 0)
        return 1;
    int reader = fcntl(ends[0], F_DUPFD, PIPE_FROM);
    int writer = fcntl(ends[1], F_DUPFD, PIPE_FROM);
    for (int fd = 0; fd < PIPE_FROM; fd++)
        close(fd);
    char byte;
    go block_and_write(writer);
    long got = goc_read(reader, &byte, 1);
    usleep(BLOCKED_US);  /* tidy: sleep, because a blocked thread is the subject */
    goc_sleep(SLEEP_NS); /* tidy: sleep, because timers may need a descriptor */
    dprintf(output, "read %ld\n", got);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        dprintf(output, "%d is %s\n", fd,
                fcntl(fd, F_GETFD) == -1 && errno == EBADF ? "closed" : "used");
    return 0;
}

// CHECK:      read 1
// CHECK-NEXT: 0 is closed
// CHECK-NEXT: 1 is closed
// CHECK-NEXT: 2 is closed
