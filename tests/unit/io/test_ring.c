/* Sockets by io_uring: what goes in comes out, whoever waits is woken by a close, and what is
 * queued does not wait for a P that has no time.  Run with GOC_DEBUG=iouring=1. */
#include "base/atomic.h"
#include "isolated.h"
#include "loopback.h"
#include "os/clock.h"
#include "party.h"

#include <dirent.h>
#include <errno.h>
#include <goc/chan.h>

enum { PAIRS = 40, ROUNDS = 200, LARGE = 8 << 20, SKIPPED = 77 };

static int finished; // atomic

/* How many descriptors are rings. */
static int count_rings(void)
{
    int count = 0;
    DIR *fds = opendir("/proc/self/fd");
    CHECK(fds != NULL);
    const struct dirent *entry;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of its own */
    while ((entry = readdir(fds)) != NULL) {
        char path[300];
        char target[64] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        if (readlink(path, target, sizeof target - 1) > 0)
            count += strcmp(target, "anon_inode:[io_uring]") == 0;
    }
    closedir(fds);
    return count;
}

/* Without io_uring here there is nothing to see: the sockets wait in epoll. */
static void need_rings(void)
{
    if (count_rings() == 0)
        _exit(SKIPPED);
}

static void echo(void *end)
{
    loopback_echo(*(int *)end);
    fetch_add_release(&finished, 1);
}

static void ask(void *end)
{
    int fd = *(int *)end;
    for (int round = 0; round < ROUNDS; round++)
        loopback_ask(fd, round, 0);
    CHECK_EQ(goc_close(fd), 0);
    fetch_add_release(&finished, 1);
}

static void many_talk(void)
{
    static int ends[PAIRS][2];
    for (int i = 0; i < PAIRS; i++) {
        loopback_pair(ends[i]);
        party_go(echo, &ends[i][1]);
        party_go(ask, &ends[i][0]);
    }
    PARTY_UNTIL(load_acquire(&finished) == 2 * PAIRS);
    need_rings();
}

static void write_large(void *end)
{
    char *buffer = malloc(LARGE);
    CHECK(buffer != NULL);
    for (int i = 0; i < LARGE; i++)
        buffer[i] = (char)(i % 251);
    CHECK_EQ(goc_write(*(int *)end, buffer, LARGE), LARGE);
    CHECK_EQ(goc_close(*(int *)end), 0);
    free(buffer);
    fetch_add_release(&finished, 1);
}

/* More than a socket takes at once. */
static void large_transfers_are_whole(void)
{
    int ends[2];
    loopback_pair(ends);
    party_go(write_large, &ends[0]);
    static char buffer[100000];
    long total = 0;
    ssize_t got;
    while ((got = goc_read(ends[1], buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < got; i++)
            CHECK_EQ((unsigned char)buffer[i], (total + i) % 251);
        total += got;
    }
    CHECK_EQ(got, 0);
    CHECK_EQ(total, LARGE);
    CHECK_EQ(goc_close(ends[1]), 0);
    PARTY_UNTIL(load_acquire(&finished) == 1);
}

static void read_until_closed(void *end)
{
    char byte;
    CHECK_EQ(goc_read(*(int *)end, &byte, 1), -EBADF);
    fetch_add_release(&finished, 1);
}

static void write_until_closed(void *end)
{
    static char large[1 << 16];
    ssize_t done;
    do
        done = goc_write(*(int *)end, large, sizeof large);
    while (done > 0);
    CHECK_EQ(done, -EBADF);
    fetch_add_release(&finished, 1);
}

static void close_wakes_who_waits(void)
{
    for (int round = 0; round < 50; round++) {
        int ends[2];
        store_release(&finished, 0);
        loopback_pair(ends);
        for (int i = 0; i < 3; i++)
            party_go(read_until_closed, &ends[0]);
        party_go(write_until_closed, &ends[0]);
        for (int i = 0; i < round; i++)
            goc_yield();
        CHECK_EQ(goc_close(ends[0]), 0);
        PARTY_UNTIL(load_acquire(&finished) == 4);
        CHECK_EQ(goc_close(ends[1]), 0);
    }
}

static void the_end_is_zero_then_an_error(void)
{
    int ends[2];
    char byte = 'x';
    loopback_pair(ends);
    CHECK_EQ(goc_write(ends[0], &byte, 1), 1);
    CHECK_EQ(goc_close(ends[0]), 0);
    CHECK_EQ(goc_read(ends[1], &byte, 1), 1);
    CHECK_EQ(goc_read(ends[1], &byte, 1), 0);
    ssize_t done;
    while ((done = goc_write(ends[1], &byte, 1)) == 1)
        ;
    CHECK(done == -EPIPE || done == -ECONNRESET);
    CHECK_EQ(goc_close(ends[1]), 0);
}

/* A wait with a deadline, which no ring does, and one without, in turns. */
static void deadlines_mix(void)
{
    int ends[2];
    char byte;
    loopback_pair(ends);
    for (int i = 0; i < 50; i++) {
        CHECK_EQ(goc_read_until(ends[1], &byte, 1, goc_now() + GOC_MILLISECOND),
                 -ETIMEDOUT);
        CHECK_EQ(goc_write(ends[0], "ab", 2), 2);
        CHECK_EQ(goc_read_until(ends[1], &byte, 1, GOC_NEVER), 1);
        CHECK_EQ(byte, 'a');
        CHECK_EQ(goc_read(ends[1], &byte, 1), 1);
        CHECK_EQ(byte, 'b');
    }
    CHECK_EQ(goc_close(ends[0]), 0);
    CHECK_EQ(goc_close(ends[1]), 0);
}

static void write_byte(void *end)
{
    CHECK_EQ(goc_write(*(int *)end, "x", 1), 1);
}

/* Not through the runtime. */
static void receive(void *end)
{
    char byte;
    while (recv(*(int *)end, &byte, 1, 0) != 1)
        ;
    store_release(&finished, 1);
}

/* Its P would look around only after the computation, which waits for the byte. */
static void a_computation_does_not_keep_it_back(void)
{
    int ends[2];
    loopback_pair(ends);
    pthread_t receiver = party_thread(receive, &ends[1]);
    party_go(write_byte, &ends[0]);
    goc_yield();
    while (load_acquire(&finished) == 0)
        cpu_relax();
    CHECK_EQ(pthread_join(receiver, NULL), 0);
    CHECK_EQ(goc_close(ends[0]), 0);
    CHECK_EQ(goc_close(ends[1]), 0);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(many_talk),
        ISOLATED(large_transfers_are_whole),
        ISOLATED(close_wakes_who_waits),
        ISOLATED(the_end_is_zero_then_an_error),
        ISOLATED(deadlines_mix),
        ISOLATED(a_computation_does_not_keep_it_back),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
