/* Locks of open files keep threads apart: flock, and fcntl's with F_OFD_SETLKW.  Without a lock to
 * read, the kernel refuses. */
// BEYOND TSAN: it knows no locks of files
#include "pair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

int shared[3];
static int fds[2];
static char path[] = "norace-file-lock-XXXXXX";

static void lock_part(int fd, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    CHECK_EQ(fcntl(fd, F_OFD_SETLKW, &lock), 0);
}

static void count(int fd)
{
    CHECK_EQ(flock(fd, LOCK_EX), 0);
    shared[0]++;
    CHECK_EQ(flock(fd, LOCK_UN), 0);
    lock_part(fd, F_WRLCK);
    shared[1]++;
    lock_part(fd, F_UNLCK);
    CHECK_EQ(flock(fd, LOCK_EX), 0);
    shared[2]++;
    CHECK_EQ(close(fd), 0); // gives it back as well
}

static void is_refused(int fd, int command)
{
    errno = 0;
    CHECK_EQ(fcntl(fd, command, NULL), -1);
    CHECK_EQ(errno, EFAULT);
}

static void first(void)
{
    count(fds[0]);
}

static void second(void)
{
    count(fds[1]);
}

int main(void)
{
    fds[0] = mkstemp(path);
    fds[1] = open(path, O_RDWR);
    CHECK(fds[0] >= 0 && fds[1] >= 0);
    is_refused(fds[0], F_OFD_SETLK);
    is_refused(fds[0], F_OFD_SETLKW);
    pair_at_once();
    CHECK_EQ(unlink(path), 0);
}
