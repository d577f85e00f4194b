/* A lock of the process (F_SETLK) keeps no threads apart, nor does one that was not got, nor one of
 * another file. */
#include "pair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

int shared[3];
static int fds[2];
static int other;
static struct barrier tried;
static char path[] = "race-file-lock-XXXXXX";

static void process_lock(int fd, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    CHECK_EQ(fcntl(fd, F_SETLKW, &lock), 0);
}

static void first(void)
{
    process_lock(fds[0], F_WRLCK);
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    process_lock(fds[0], F_UNLCK);
    CHECK_EQ(flock(fds[0], LOCK_EX), 0);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    shared[2] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(flock(fds[0], LOCK_UN), 0);
    barrier_arrive(&step);
}

static void second(void)
{
    barrier_await(&step, 1);
    process_lock(fds[1], F_WRLCK);
    shared[0] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(flock(fds[1], LOCK_EX | LOCK_NB), -1);
    shared[1] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
    barrier_await(&step, 2);
    CHECK_EQ(flock(other, LOCK_EX), 0);
    shared[2] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    fds[0] = mkstemp(path);
    fds[1] = open(path, O_RDWR);
    CHECK(fds[0] >= 0 && fds[1] >= 0);
    CHECK_EQ(unlink(path), 0);
    char another[] = "race-file-lock-XXXXXX";
    other = mkstemp(another);
    CHECK(other >= 0);
    CHECK_EQ(unlink(another), 0);
    pair_at_once();
}
