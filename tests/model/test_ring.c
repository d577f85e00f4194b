/* Reads and writes by rings (GOC_DEBUG=iouring=1): every call is answered once and goes on after
 * it, whatever is full, refused, disturbed or closed, and no answer is left in a ring.
 *
 * The queues by every schedule, between threads that submit, answer and take.  Random ones for
 * goroutines on two Ps, each with its ring; below are rings.c's. */
#include "base/atomic.h"
#include "base/knobs.h"
#include "io/ring.h"
#include "io/wait.h"
#include "model.h"
#include "os/clock.h"
#include "os/epoll.h"
#include "os/error.h"
#include "os/file.h"
#include "os/uring.h"
#include "sched/claim.h"
#include "sched/idle.h"

#include <goc/go.h>
#include <goc/io.h>
#include <goc/sync.h>

enum { SOON_NS = 2000, STREAMS = 3, POLLER = 0 };

static int fds[STREAMS];
static goc_waitgroup group;

/* As in test_io.c: a stream, whose number is made new where nobody has used it. */
static int numbers; /* used so far */

static int open_new(unsigned room)
{
    int number = model_file_open(0, room);
    struct io_desc *desc = goc__desc(number);
    if (number < numbers) {
        goc__desc_adopt(number, true);
        return number;
    }
    numbers = number + 1;
    *desc = (struct io_desc){.edges = {1, 1}};
    list_init(&desc->waiters[IO_READ]);
    list_init(&desc->waiters[IO_WRITE]);
    list_init(&desc->calls);
    goc__desc_adopt(number, true);
    return number;
}

static void open_streams(int count)
{
    for (int i = 0; i < count; i++)
        fds[i] = open_new(0);
}

static void put(void *number)
{
    model_file_put(fds[(uintptr_t)number], 1);
}

/* ---- the queues ----------------------------------------------------------------------------- */

static struct uring ring;
static struct lock queue;
static struct lock answers;
static char bytes[STREAMS]; /* plain: the kernel's from the submission to the answer */
static uint32_t taken[STREAMS + 1]; // atomic: answers, by tag

static void begin_queues(int streams)
{
    for (int i = 0; i < streams; i++)
        fds[i] = model_file_open(0, 0);
    MODEL_CHECK(goc__uring_open(&ring) == 0);
    MODEL_CHECK(goc__epoll_nest(POLLER, ring.fd, 0) == 0);
}

static bool queue_read(int i)
{
    return goc__uring_recv(&ring, fds[i], &bytes[i], 1, (uint64_t)i + 1);
}

static void submit(void)
{
    goc__lock(&queue);
    goc__uring_submit(&ring);
    goc__unlock(&queue);
}

/* Queue a read, however full the queue is, and submit it, however often the kernel refuses. */
static void read_one(void *number)
{
    int i = (int)(uintptr_t)number;
    bytes[i] = 1;
    goc__lock(&queue);
    while (!queue_read(i))
        goc__uring_submit(&ring);
    goc__unlock(&queue);
    while (load_relaxed(&ring.queued) > 0)
        submit();
}

/* Sleep until there are answers, and take them. */
static void take_some(void)
{
    struct epoll_event event;
    goc__epoll_wait(POLLER, &event, 1, INT64_MAX);
    uint64_t tag;
    int32_t result;
    goc__lock(&answers);
    while (goc__uring_next(&ring, &tag, &result)) {
        MODEL_CHECK(tag <= STREAMS);
        if (tag > 0 && result == 1)
            bytes[tag - 1] = 2;
        fetch_add_relaxed(&taken[tag], 1u);
    }
    goc__unlock(&answers);
}

static void take_until(int streams)
{
    for (int i = 1; i <= streams; i++) {
        while (load_relaxed(&taken[i]) == 0)
            take_some();
        MODEL_CHECK(load_relaxed(&taken[i]) == 1);
    }
}

static void take_one(void *unused)
{
    (void)unused;
    take_until(1);
}

static void take_three(void *unused)
{
    (void)unused;
    take_until(3);
}

static void one_is_answered(void)
{
    begin_queues(1);
    model_thread(read_one, (void *)0);
    model_thread(put, (void *)0);
    model_thread(take_one, NULL);
    model_join();
}

/* More calls than the queue has places, and more answers. */
static void read_three(void *unused)
{
    (void)unused;
    for (uintptr_t i = 0; i < 3; i++)
        read_one((void *)i);
}

static void put_three(void *unused)
{
    (void)unused;
    for (uintptr_t i = 0; i < 3; i++)
        put((void *)i);
}

static void queues_are_full(void)
{
    begin_queues(3);
    model_thread(read_three, NULL);
    model_thread(put_three, NULL);
    model_thread(take_three, NULL);
    model_join();
}

static void two_submit(void)
{
    begin_queues(2);
    model_thread(read_one, (void *)0);
    model_thread(read_one, (void *)1);
    put((void *)0);
    put((void *)1);
    take_until(2);
    model_join();
}

/* A call and its end: two answers, whichever comes first. */
static void cancel_one(void *unused)
{
    (void)unused;
    goc__lock(&queue);
    while (!goc__uring_cancel(&ring, 1))
        goc__uring_submit(&ring);
    goc__unlock(&queue);
    while (load_relaxed(&ring.queued) > 0)
        submit();
}

static void one_is_cancelled(void)
{
    begin_queues(1);
    read_one((void *)0);
    model_thread(cancel_one, NULL);
    model_thread(put, (void *)0);
    take_until(1);
    while (load_relaxed(&taken[0]) == 0)
        take_some();
    model_join();
}

/* ---- goroutines ----------------------------------------------------------------------------- */

static long results[STREAMS]; /* plain */

/* Nothing waited for the monitor's next look but what the kernel refused before. */
static void check_nobody_slept(void)
{
    MODEL_CHECK(model_time_jumps() == 0 || model_ring_refusals() > 0);
}

static void beside(void (*f)(void *), void *argument)
{
    goc_waitgroup_add(&group, 1);
    model_thread(f, argument);
}

static void put_and_done(void *number)
{
    put(number);
    goc_waitgroup_done(&group);
}

static void put_three_and_done(void *unused)
{
    put_three(unused);
    goc_waitgroup_done(&group);
}

static void read_stream(void *number)
{
    int i = *(int *)number;
    char byte;
    results[i] = goc_read(fds[i], &byte, 1);
    goc_waitgroup_done(&group);
}

static void go_read(int i)
{
    goc_waitgroup_add(&group, 1);
    goc_go(read_stream, &i, sizeof i);
}

static void a_goroutine_reads(void)
{
    open_streams(1);
    beside(put_and_done, (void *)0);
    char byte;
    MODEL_CHECK(goc_read(fds[0], &byte, 1) == 1);
    goc_waitgroup_wait(&group);
    check_nobody_slept();
}

static void take_and_done(void *unused)
{
    (void)unused;
    model_file_take(fds[0], 1);
    goc_waitgroup_done(&group);
}

static void a_goroutine_writes(void)
{
    fds[0] = open_new(1);
    beside(take_and_done, NULL);
    MODEL_CHECK(goc_write(fds[0], "ab", 2) == 2);
    goc_waitgroup_wait(&group);
    check_nobody_slept();
}

/* More than a ring's queues hold, from one P or two. */
static void three_goroutines_read(void)
{
    open_streams(3);
    for (int i = 0; i < 3; i++)
        go_read(i);
    beside(put_three_and_done, NULL);
    goc_waitgroup_wait(&group);
    for (int i = 0; i < 3; i++)
        MODEL_CHECK(results[i] == 1);
    check_nobody_slept();
}

/* A read that has begun holds its number, which a close beside it needs. */
static struct io_op ops[2];

static void begin_read(int i, int fd)
{
    ops[i] = (struct io_op){.fd = fd, .direction = IO_READ, .deadline = TIMER_NEVER};
    MODEL_CHECK(goc__io_begin(&ops[i]) == 0);
}

/* As goc_read. */
static long read_begun(int i)
{
    char byte;
    long result = goc__ring_takes(&ops[i]) ? goc__ring_recv(&ops[i], &byte, 1) : -EAGAIN;
    while (result == -EAGAIN) {
        result = goc__io_wait(&ops[i]);
        if (result == 0)
            result = goc__file_recv(ops[i].fd, &byte, 1, 0);
    }
    return goc__io_end(&ops[i], result);
}

static void close_and_done(void *number)
{
    MODEL_CHECK(goc_close(fds[(uintptr_t)number]) == 0);
    goc_waitgroup_done(&group);
}

static void a_goroutine_is_closed(void)
{
    open_streams(1);
    begin_read(0, fds[0]);
    beside(close_and_done, (void *)0);
    MODEL_CHECK(read_begun(0) == -EBADF);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_file_closes() == 1);
    check_nobody_slept();
}

static void closed_or_ready(void)
{
    open_streams(1);
    begin_read(0, fds[0]);
    beside(close_and_done, (void *)0);
    beside(put_and_done, (void *)0);
    long result = read_begun(0);
    MODEL_CHECK(result == 1 || result == -EBADF);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_file_closes() == 1);
    check_nobody_slept();
}

/* Two calls for one stream, two ends: more answers than there is room for. */
static void read_second(void *unused)
{
    (void)unused;
    results[1] = read_begun(1);
    goc_waitgroup_done(&group);
}

static void both_are_closed(void)
{
    open_streams(1);
    begin_read(0, fds[0]);
    begin_read(1, fds[0]);
    goc_waitgroup_add(&group, 1);
    goc_go(read_second, NULL, 0);
    beside(close_and_done, (void *)0);
    MODEL_CHECK(read_begun(0) == -EBADF);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(results[1] == -EBADF);
    MODEL_CHECK(model_file_closes() == 1);
    check_nobody_slept();
}

/* The number is another file's once the call has been answered, and not before. */
static void reopen_and_done(void *unused)
{
    (void)unused;
    MODEL_CHECK(goc_close(fds[0]) == 0);
    fds[1] = open_new(0);
    model_file_put(fds[1], 1);
    goc_waitgroup_done(&group);
}

static void the_number_comes_back(void)
{
    open_streams(1);
    begin_read(0, fds[0]);
    beside(reopen_and_done, NULL);
    MODEL_CHECK(read_begun(0) == -EBADF);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_file_bytes(fds[1]) == 1);
    char byte;
    MODEL_CHECK(goc_read(fds[1], &byte, 1) == 1);
}

/* What has a deadline waits beside the ring for the same stream: each byte is somebody's. */
static void read_in_time(void *unused)
{
    (void)unused;
    char byte;
    results[1] = goc_read_until(fds[0], &byte, 1, goc__clock_now() + SOON_NS);
    goc_waitgroup_done(&group);
}

static void put_late_and_done(void *unused)
{
    (void)unused;
    put((void *)0);
    goc__clock_sleep_until(goc__clock_now() + 2 * (int64_t)SOON_NS);
    put((void *)0);
    goc_waitgroup_done(&group);
}

static void a_deadline_beside(void)
{
    open_streams(1);
    go_read(0);
    goc_waitgroup_add(&group, 1);
    goc_go(read_in_time, NULL, 0);
    beside(put_late_and_done, NULL);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(results[0] == 1);
    MODEL_CHECK(results[1] == 1 || results[1] == -ETIMEDOUT);
    MODEL_CHECK(model_file_bytes(fds[0]) == (results[1] == 1 ? 0u : 1u));
}

/* The P that a call's ring belongs to is taken from its M at any time: somebody sees to the
 * ring. */
static struct m *home;
static struct p *home_p;

static void take_p_and_done(void *unused)
{
    (void)unused;
    if (goc__claim_take(home, home_p))
        goc__idle_hand_off(home_p);
    goc_waitgroup_done(&group);
}

static void the_p_is_taken(void)
{
    open_streams(1);
    home = goc__enter();
    home_p = home->p;
    goc__leave(home);
    beside(take_p_and_done, NULL);
    beside(put_and_done, (void *)0);
    char byte;
    MODEL_CHECK(goc_read(fds[0], &byte, 1) == 1);
    goc_waitgroup_wait(&group);
    check_nobody_slept();
}

int main(void)
{
    (void)goc__desc(0); /* the first part of the table, for open_new */
    goc__knobs.iouring = 1;
    model_explore("ring: one is answered", one_is_answered, 1, 1);
    model_explore("ring: two submit", two_submit, 1, 1);
    model_explore("ring: one is cancelled", one_is_cancelled, 1, 1);
    model_explore("ring: queues are full", queues_are_full, 1, 0);
    model_random("ring: queues are full", queues_are_full, 5, 4000);
    model_random("ring: a goroutine reads", a_goroutine_reads, 5, 4000);
    model_random("ring: a goroutine writes", a_goroutine_writes, 5, 4000);
    model_random("ring: three goroutines read", three_goroutines_read, 5, 4000);
    model_random("ring: a goroutine's is closed", a_goroutine_is_closed, 5, 4000);
    model_random("ring: closed, or ready", closed_or_ready, 5, 4000);
    model_random("ring: both are closed", both_are_closed, 5, 4000);
    model_random("ring: the number comes back", the_number_comes_back, 5, 4000);
    model_random("ring: a deadline beside", a_deadline_beside, 5, 4000);
    model_random("ring: its P is taken", the_p_is_taken, 5, 4000);
}
