/* Waiting for descriptors: what becomes ready, the deadline and a close each end a wait, once;
 * nothing that became ready is slept through, and a closed number is no operation's any more when
 * it comes back.
 *
 * Every schedule for plain threads: with goc_read, which waits in poll, and over the parts of a
 * goroutine's wait (io/wait.h).  Random ones for goroutine 1 with the netpoller on two Ps. */
#include "base/atomic.h"
#include "io/busy.h"
#include "io/netpoll.h"
#include "io/ring.h"
#include "io/wait.h"
#include "model.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "sched/poller.h"

#include <goc/go.h>
#include <goc/io.h>
#include <goc/sync.h>
#include <netdb.h>

enum { SOON_NS = 2000 };

static int fd;
static int other;
static long result; /* plain: whoever waits */
static goc_waitgroup group;

/* ---- no io_uring ---------------------------------------------------------------------------- */

bool goc__ring_takes(const struct io_op *op)
{
    (void)op;
    return false;
}

long goc__ring_recv(struct io_op *op, void *buffer, size_t size)
{
    (void)op;
    (void)buffer;
    (void)size;
    model_fail("a read by a ring");
}

long goc__ring_send(struct io_op *op, const void *buffer, size_t size)
{
    (void)op;
    (void)buffer;
    (void)size;
    model_fail("a write by a ring");
}

void goc__ring_close(struct io_desc *desc)
{
    (void)desc;
}

void goc__ring_flush(uint32_t p)
{
    (void)p;
}

bool goc__ring_deliver(int data)
{
    (void)data;
    return false;
}

/* ---- what happens to a descriptor ----------------------------------------------------------- */

static void put(void *unused)
{
    (void)unused;
    model_file_put(fd, 1);
}

static void close_it(void *unused)
{
    (void)unused;
    MODEL_CHECK(goc_close(fd) == 0);
}

static void two(void (*first)(void *), void (*second)(void *))
{
    model_thread(first, NULL);
    model_thread(second, NULL);
    model_join();
}

static void three(void (*first)(void *), void (*second)(void *), void (*third)(void *))
{
    model_thread(first, NULL);
    model_thread(second, NULL);
    model_thread(third, NULL);
    model_join();
}

/* ---- a plain thread ------------------------------------------------------------------------- */

static struct io_op op; /* begun by the scenario: it holds the number from the start */

/* A stream whose number nobody has used.  Its part of the table is there from before the first
 * execution, because making it takes longer than a scenario: so it is made new by hand. */
static void make_new(int number)
{
    struct io_desc *desc = goc__desc(number);
    *desc = (struct io_desc){.edges = {1, 1}};
    list_init(&desc->waiters[IO_READ]);
    list_init(&desc->waiters[IO_WRITE]);
    list_init(&desc->calls);
}

static int open_new(unsigned room)
{
    int number = model_file_open(0, room);
    make_new(number);
    return number;
}

static void begin(void)
{
    fd = open_new(0);
    goc__desc_adopt(fd, true);
    op = (struct io_op){.fd = fd, .direction = IO_READ, .deadline = TIMER_NEVER};
    MODEL_CHECK(goc__io_begin(&op) == 0);
}

/* As goc_read, of the operation that has begun. */
static void read_begun(void *unused)
{
    (void)unused;
    char byte;
    do
        result = goc__file_recv(fd, &byte, 1, 0);
    while (result == -EAGAIN && (result = goc__io_wait(&op)) == 0);
    goc__io_end(&op, result);
}

static void a_thread_reads(void)
{
    begin();
    two(read_begun, put);
    MODEL_CHECK(result == 1);
}

static void a_thread_is_closed(void)
{
    begin();
    two(read_begun, close_it);
    MODEL_CHECK(result == -EBADF);
    MODEL_CHECK(model_file_closes() == 1);
}

static void a_thread_is_closed_or_reads(void)
{
    begin();
    three(read_begun, close_it, put);
    MODEL_CHECK(result == -EBADF || result == 1);
    MODEL_CHECK(model_file_closes() == 1);
}

static void put_late(void *unused)
{
    (void)unused;
    goc__clock_sleep_until(goc__clock_now() + SOON_NS);
    model_file_put(fd, 1);
}

/* The byte is read, or still there. */
static void check_late(void)
{
    MODEL_CHECK(result == 1 || result == -ETIMEDOUT);
    MODEL_CHECK(model_file_bytes(fd) == (result == 1 ? 0u : 1u));
}

static void a_thread_is_late(void)
{
    begin();
    op.deadline = goc__clock_now() + SOON_NS;
    two(read_begun, put_late);
    check_late();
}

/* ---- the parts of a goroutine's wait -------------------------------------------------------- */

void *goc__model_malloc(size_t size);
void goc__model_free(void *p);

static struct timers clock_of_waits;

static void pass_time(void *unused)
{
    (void)unused;
    goc__timers_run(&clock_of_waits, 100);
}

/* As one goroutine's wait for two descriptors; what it lies on is gone at once when it ends. */
struct wait_of_two {
    struct io_wait wait;
    struct io_waiter waiters[2];
};

static struct io_op ops[2];

static void wait_for_both(void *unused)
{
    (void)unused;
    struct wait_of_two *w = goc__model_malloc(sizeof *w);
    bool joined[2] = {false, false};
    goc__wait_prepare(&w->wait, TIMER_NEVER);
    goc__timers_add(&clock_of_waits, &w->wait.timer, 50);
    joined[0] = goc__wait_join(&w->wait, &w->waiters[0], &ops[0]);
    joined[1] = joined[0] && goc__wait_join(&w->wait, &w->waiters[1], &ops[1]);
    if (joined[1])
        goc__wait_sleep(&w->wait, false);
    for (int i = 0; i < 2; i++)
        if (joined[i])
            goc__wait_leave(&w->waiters[i], &ops[i]);
    result = goc__wait_finish(&w->wait, 50) ? -ETIMEDOUT : 0;
    goc__model_free(w);
}

static void begin_two(void)
{
    goc__timers_init(&clock_of_waits);
    for (int i = 0; i < 2; i++) {
        ops[i].fd = open_new(0);
        ops[i].direction = IO_READ;
        MODEL_CHECK(goc__io_begin(&ops[i]) == 0);
    }
    fd = ops[0].fd;
    other = ops[1].fd;
}

static void wake_first(void *unused)
{
    (void)unused;
    goc__io_wake(ops[0].desc, true, false);
}

static void wake_second(void *unused)
{
    (void)unused;
    goc__io_wake(ops[1].desc, true, true);
}

static void woken_by_two(void)
{
    begin_two();
    three(wait_for_both, wake_first, wake_second);
    MODEL_CHECK(result == 0);
}

static void woken_or_late(void)
{
    begin_two();
    three(wait_for_both, wake_second, pass_time);
}

static void woken_or_closed(void)
{
    begin_two();
    three(wait_for_both, wake_second, close_it);
    MODEL_CHECK(result == 0);
    MODEL_CHECK(model_file_closes() == 0); /* the operation has not ended */
    goc__io_end(&ops[0], 0);
    MODEL_CHECK(model_file_closes() == 1);
}

/* ---- the table ------------------------------------------------------------------------------ */

enum { IN_ANOTHER_PART = 1024 };

static void use_far(void *unused)
{
    (void)unused;
    struct io_desc *desc = goc__desc(IN_ANOTHER_PART);
    MODEL_CHECK(goc__desc_use(desc));
    goc__io_wake(desc, true, true);
}

/* One part of the table is made, whoever is first. */
static void two_make_a_part(void)
{
    two(use_far, use_far);
    const struct io_desc *desc = goc__desc(IN_ANOTHER_PART);
    MODEL_CHECK(load_relaxed(&desc->references) == 2 * DESC_REFERENCE);
    MODEL_CHECK(desc->edges[IO_READ] == 3);
}

/* ---- ends ----------------------------------------------------------------------------------- */

static void end_one(void *number)
{
    goc__io_end(&ops[(uintptr_t)number], 0);
}

/* The last who leaves closes it, and leaves nothing behind for who has the number next. */
static void the_last_closes(void)
{
    begin();
    goc__io_end(&op, 0);
    for (int i = 0; i < 2; i++) {
        ops[i] = (struct io_op){.fd = fd, .direction = IO_WRITE};
        MODEL_CHECK(goc__io_begin(&ops[i]) == 0);
    }
    model_thread(close_it, NULL);
    model_thread(end_one, (void *)0);
    model_thread(end_one, (void *)1);
    model_join();
    MODEL_CHECK(model_file_closes() == 1);
    MODEL_CHECK(model_file_open(0, 0) == fd);
    MODEL_CHECK(load_relaxed(&op.desc->references) == 0);
    MODEL_CHECK(load_relaxed(&op.desc->flags) == 0);
}

/* ---- the poller ------------------------------------------------------------------------------ */

static void watch(const struct io_op *o)
{
    MODEL_CHECK(goc__netpoll_watch(o->fd, o->desc) == 0);
}

static void watch_first(void *unused)
{
    (void)unused;
    watch(&ops[0]);
}

static void watch_second_and_wait(void *unused)
{
    (void)unused;
    watch(&ops[1]);
    goc__poller_count(1);
}

static void look_for_events(void *unused)
{
    (void)unused;
    goc__poller_look(1);
    MODEL_CHECK(goc__poller_descriptor() >= -1);
}

/* Whoever started it: who sees somebody wait sees the poller. */
static void seen_by_who_looks(void)
{
    begin_two();
    three(watch_first, watch_second_and_wait, look_for_events);
}

static void forget_first(void *unused)
{
    (void)unused;
    goc__netpoll_forget(ops[0].fd, ops[0].desc);
}

/* What is taken to be watched is. */
static void watched_and_forgotten(void)
{
    begin_two();
    goc__desc_adopt(fd, true);
    const struct io_desc *desc = ops[0].desc;
    three(watch_first, watch_first, forget_first);
    uint32_t edges = desc->edges[IO_READ];
    put(NULL);
    goc__poller_count(1);
    goc__poller_look(1);
    bool is_watched = load_relaxed(&desc->flags) & DESC_WATCHED;
    MODEL_CHECK(!is_watched || desc->edges[IO_READ] != edges);
}

/* ---- goroutine 1 and the netpoller ---------------------------------------------------------- */

static void put_and_done(void *unused)
{
    put(unused);
    goc_waitgroup_done(&group);
}

static void put_late_and_done(void *unused)
{
    put_late(unused);
    goc_waitgroup_done(&group);
}

static void close_and_done(void *unused)
{
    close_it(unused);
    goc_waitgroup_done(&group);
}

static void beside(void (*f)(void *))
{
    goc_waitgroup_add(&group, 1);
    model_thread(f, NULL);
}

static void a_goroutine_reads(void)
{
    begin();
    beside(put_and_done);
    read_begun(NULL);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(result == 1);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void a_goroutine_is_closed(void)
{
    begin();
    beside(close_and_done);
    read_begun(NULL);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(result == -EBADF);
    MODEL_CHECK(model_file_closes() == 1);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void a_goroutine_is_late(void)
{
    begin();
    op.deadline = goc__clock_now() + SOON_NS;
    beside(put_late_and_done);
    read_begun(NULL);
    goc_waitgroup_wait(&group);
    check_late();
}

static void a_goroutine_is_late_or_closed(void)
{
    begin();
    op.deadline = goc__clock_now() + SOON_NS;
    beside(put_late_and_done);
    beside(close_and_done);
    read_begun(NULL);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(result == 1 || result == -ETIMEDOUT || result == -EBADF);
    MODEL_CHECK(model_file_closes() == 1);
}

/* The number is another file's once the operation has ended, and not before. */
static void reopen_and_done(void *unused)
{
    close_it(unused);
    other = model_file_open(1, 0);
    if (other != fd)
        make_new(other);
    goc__desc_adopt(other, true);
    goc_waitgroup_done(&group);
}

static void the_number_comes_back(void)
{
    begin();
    beside(reopen_and_done);
    read_begun(NULL);
    MODEL_CHECK(result == -EBADF);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_file_bytes(other) == 1);
    char byte;
    MODEL_CHECK(goc_read(other, &byte, 1) == 1);
}

/* The system gives the number out again as soon as it has closed it: what was known of the old
 * file must not be believed of the new one. */
static void put_other_and_done(void *unused)
{
    (void)unused;
    model_file_put(other, 1);
    goc_waitgroup_done(&group);
}

static void the_number_at_once(void)
{
    begin();
    watch(&op);
    goc__io_end(&op, 0);
    model_thread(close_it, NULL);
    other = model_file_open(0, 0);
    if (other != fd)
        make_new(other);
    beside(put_other_and_done);
    char byte;
    MODEL_CHECK(goc_read(other, &byte, 1) == 1);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void put_twice_and_done(void *unused)
{
    put(unused);
    put_and_done(unused);
}

/* A read that got less than it asked for leaves the next one to wait without a try. */
static void a_goroutine_drains(void)
{
    fd = open_new(0);
    goc__desc_adopt(fd, true);
    beside(put_twice_and_done);
    char bytes[4];
    for (long got = 0; got < 2; got += result) {
        result = goc_read(fd, bytes, sizeof bytes);
        MODEL_CHECK(result > 0);
    }
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void forget_put_and_done(void *unused)
{
    goc__netpoll_forget(fd, goc__desc(fd));
    put_and_done(unused);
}

/* Whoever waits, or is about to, is told of what comes, though the poller was to forget it. */
static void a_goroutine_is_forgotten(void)
{
    begin();
    watch(&op);
    beside(forget_put_and_done);
    read_begun(NULL);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(result == 1);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void yield_and_done(void *unused)
{
    (void)unused;
    goc_yield();
    goc_yield();
    goc_waitgroup_done(&group);
}

/* By turns, and by events when its credit is used up or the other goroutine has gone. */
static void a_busy_goroutine_reads(void)
{
    begin();
    watch(&op);
    goc__io_end(&op, 0);
    store_relaxed(&op.desc->drained, 1u);
    store_relaxed(&op.desc->credit, 2 * BUSY_VAIN);
    goc_waitgroup_add(&group, 1);
    goc_go(yield_and_done, NULL, 0);
    beside(put_twice_and_done);
    char bytes[4];
    for (long got = 0; got < 2; got += result) {
        result = goc_read(fd, bytes, sizeof bytes);
        MODEL_CHECK(result > 0);
    }
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void read_one(void *unused)
{
    (void)unused;
    char byte;
    MODEL_CHECK(goc_read(fd, &byte, 1) == 1);
    goc_waitgroup_done(&group);
}

/* Two wait for the same: an edge wakes both, and each byte is somebody's. */
static void two_goroutines_read(void)
{
    fd = open_new(0);
    goc__desc_adopt(fd, true);
    goc_waitgroup_add(&group, 2);
    goc_go(read_one, NULL, 0);
    goc_go(read_one, NULL, 0);
    beside(put_twice_and_done);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_file_bytes(fd) == 0);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void take_and_done(void *unused)
{
    (void)unused;
    model_file_take(fd, 1);
    goc_waitgroup_done(&group);
}

static void a_goroutine_writes(void)
{
    fd = open_new(1);
    goc__desc_adopt(fd, true);
    beside(take_and_done);
    MODEL_CHECK(goc_write(fd, "ab", 2) == 2);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void close_other_and_done(void *unused)
{
    (void)unused;
    MODEL_CHECK(goc_close(other) == 0);
    goc_waitgroup_done(&group);
}

/* Whatever comes first ends the poll, which tells all that it can see then. */
static void a_goroutine_polls(void)
{
    fd = open_new(0);
    other = open_new(0);
    beside(put_and_done);
    beside(close_other_and_done);
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    int ready = goc_poll(fds, 2);
    MODEL_CHECK(fds[0].revents == 0 || fds[0].revents == POLLIN);
    MODEL_CHECK(fds[1].revents == 0 || fds[1].revents == POLLNVAL);
    MODEL_CHECK(ready > 0 && ready == (fds[0].revents != 0) + (fds[1].revents != 0));
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_file_closes() == 1);
    MODEL_CHECK(model_time_jumps() == 0);
}

/* ---- looking up names ----------------------------------------------------------------------- */

static struct addrinfo address;
static uint32_t addresses_held; // atomic

/* libc's: finds one, or none, at once or by the deadline. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc's are reserved */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    MODEL_CHECK(node != NULL && node[0] == 'n' && service == NULL && hints == NULL);
    goc_duration takes = model_choose(2) == 0 ? 0 : SOON_NS;
    goc_sleep(takes); /* tidy: sleep, because the clock is the model's */
    if (model_choose(2) == 0)
        return EAI_NONAME;
    fetch_add_relaxed(&addresses_held, 1u);
    *found = &address;
    return 0;
}

void freeaddrinfo(struct addrinfo *found)
{
    MODEL_CHECK(found == &address);
    MODEL_CHECK(fetch_sub_relaxed(&addresses_held, 1u) == 1);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* In time, or late: then who searched gives back what it found, and the search. */
static void a_search(void)
{
    struct addrinfo *found = NULL;
    int status =
        goc_getaddrinfo_until("n", NULL, NULL, &found, goc__clock_now() + SOON_NS);
    MODEL_CHECK(status == 0 || status == EAI_NONAME || status == EAI_AGAIN);
    MODEL_CHECK((status == 0) == (found != NULL));
    if (status == 0)
        freeaddrinfo(found);
    while (goc_num_goroutine() > 1 || load_relaxed(&addresses_held) > 0)
        goc_yield(); /* for ever, if what was found is lost */
}

int main(void)
{
    (void)goc__desc(0); /* the first part of the table, for open_new */
    model_explore("io: two make a part", two_make_a_part, 1, 1);
    model_explore("io: a thread reads", a_thread_reads, 3, 1);
    model_explore("io: a thread's is closed", a_thread_is_closed, 2, 1);
    model_explore("io: a thread reads, or is closed", a_thread_is_closed_or_reads, 1, 1);
    model_explore("io: a thread is late", a_thread_is_late, 2, 1);
    model_explore("io: woken by two", woken_by_two, 1, 0);
    model_random("io: woken by two", woken_by_two, 5, 4000);
    model_explore("io: woken, or late", woken_or_late, 1, 1);
    model_random("io: woken, or late", woken_or_late, 5, 4000);
    model_explore("io: woken, or closed", woken_or_closed, 1, 0);
    model_explore("io: the last closes", the_last_closes, 1, 1);
    model_explore("io: seen by who looks", seen_by_who_looks, 1, 1);
    model_explore("io: watched and forgotten", watched_and_forgotten, 1, 1);
    model_random("io: a goroutine reads", a_goroutine_reads, 5, 4000);
    model_random("io: a goroutine's is closed", a_goroutine_is_closed, 5, 4000);
    model_random("io: a goroutine is late", a_goroutine_is_late, 5, 4000);
    model_random("io: a goroutine is late, or closed", a_goroutine_is_late_or_closed, 5,
                 4000);
    model_random("io: the number comes back", the_number_comes_back, 5, 4000);
    model_random("io: the number at once", the_number_at_once, 5, 4000);
    model_random("io: a goroutine drains", a_goroutine_drains, 5, 4000);
    model_random("io: a goroutine is forgotten", a_goroutine_is_forgotten, 5, 4000);
    model_random("io: a busy goroutine reads", a_busy_goroutine_reads, 5, 4000);
    model_random("io: two goroutines read", two_goroutines_read, 5, 4000);
    model_random("io: a goroutine writes", a_goroutine_writes, 5, 4000);
    model_random("io: a goroutine polls", a_goroutine_polls, 5, 4000);
    model_random("io: a search", a_search, 5, 4000);
}
