/* Bytes that go on by splice, which waits for them, and that come by vmsplice or pwritev2. */
// BEYOND TSAN: it sees nothing of them
#include "pair.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

int shared[3];
static int from[2];
static int to[2];
static int pages[2];
static int parts[2];
static struct barrier waiting;

static void *pass_on(void *unused)
{
    barrier_arrive(&waiting);
    CHECK_EQ(splice(from[0], NULL, to[1], NULL, 100, 0), 1);
    CHECK_EQ(shared[0], 1);
    return unused;
}

static void first(void)
{
    char byte = 'x';
    struct iovec part = {&byte, 1};
    shared[1] = 1;
    CHECK_EQ(vmsplice(pages[1], &part, 1, 0), 1);
    shared[2] = 1;
    CHECK_EQ(pwritev2(parts[1], &part, 1, -1, 0), 1);
    barrier_await(&waiting, 1);
    // tidy: sleep, because the splice should wait by then; if it does not, all is simpler
    usleep(20000);
    shared[0] = 1;
    CHECK_EQ(write(from[1], "x", 1), 1);
    barrier_arrive(&step);
    barrier_await(&step, 2);
}

static void second(void)
{
    char byte;
    struct iovec part = {&byte, 1};
    CHECK_EQ(read(to[0], &byte, 1), 1);
    CHECK_EQ(shared[0], 1);
    CHECK_EQ(read(pages[0], &byte, 1), 1);
    CHECK_EQ(shared[1], 1);
    CHECK_EQ(preadv2(parts[0], &part, 1, -1, 0), 1);
    CHECK_EQ(shared[2], 1);
    barrier_arrive(&step);
}

int main(void)
{
    pthread_t middle;
    CHECK(pipe(from) == 0 && pipe(to) == 0 && pipe(pages) == 0 && pipe(parts) == 0);
    CHECK_EQ(pthread_create(&middle, NULL, pass_on, NULL), 0);
    pair_at_once();
    CHECK_EQ(pthread_join(middle, NULL), 0);
}
