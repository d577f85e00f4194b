/* A foreign event loop, here one of poll(2), drives the runtime. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/chan.h>
#include <goc/io.h>
#include <goc/loop.h>
#include <goc/sync.h>
#include <goc/synctest.h>
#include <goc/time.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint32_t done; // atomic
static pid_t loop_thread;

static pid_t this_thread(void)
{
    return (pid_t)syscall(SYS_gettid);
}

static bool alone(void)
{
    return goc_maxprocs(0) == 1;
}

/* Is FD readable within MS (-1: for ever)? */
static bool readable(int fd, int ms)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}};
    int result;
    do
        result = poll(fds, 1, ms);
    while (result < 0 && errno == EINTR);
    return result == 1;
}

static int begin(void)
{
    loop_thread = this_thread();
    int fd = goc_poll_fd();
    CHECK(fd >= 0);
    CHECK_EQ(goc_poll_fd(), fd);
    return fd;
}

/* The loop, until COUNT have done what they had to, which other threads may do, too: what they do
 * is no news for the loop. */
static void loop_with_others(int fd, uint32_t count)
{
    while (load_acquire(&done) < count) {
        readable(fd, 1);
        CHECK(goc_step(GOC_MILLISECOND) >= 0);
    }
    CHECK_EQ(this_thread(), loop_thread);
}

/* The same; but with one P only the loop may do it. */
static void loop_until(int fd, uint32_t count)
{
    while (alone() && load_acquire(&done) < count) {
        CHECK(readable(fd, -1));
        CHECK(goc_step(GOC_MILLISECOND) >= 0);
    }
    loop_with_others(fd, count);
}

static void finish(void)
{
    fetch_add_release(&done, 1u);
}

static void run_once(void *unused)
{
    (void)unused;
    if (alone())
        CHECK_EQ(this_thread(), loop_thread);
    goc_yield();
    finish();
}

/* On whichever thread. */
static void run_other(void *unused)
{
    (void)unused;
    goc_yield();
    finish();
}

enum { MANY = 1000 };

static void goroutines_run_in_steps(void)
{
    int fd = begin();
    for (int i = 0; i < MANY; i++)
        party_go(run_once, NULL);
    if (alone())
        CHECK_EQ(load_acquire(&done), 0);
    loop_until(fd, MANY);
    if (alone())
        CHECK(!readable(fd, 0));
    CHECK_EQ(goc_poll_end(), 0);
}

/* For long enough to be taken for one that others starve behind. */
static void compute(void *unused)
{
    (void)unused;
    uint32_t before = load_acquire(&done);
    for (goc_time end = goc_now() + 50 * GOC_MILLISECOND; goc_now() < end;)
        continue;
    if (alone())
        CHECK_EQ(load_acquire(&done), before);
    run_once(NULL);
}

/* With one P also those that wait for a goroutine which computes, or whose thread gets no CPU, wait
 * for the loop's thread. */
static void a_goroutine_may_compute(void)
{
    int fd = begin();
    for (int i = 0; i < 2; i++) {
        party_go(compute, NULL);
        party_go(run_once, NULL);
    }
    loop_until(fd, 4);
}

static void started_before(void)
{
    for (int i = 0; i < MANY; i++)
        party_go(run_once, NULL);
    int fd = begin();
    loop_until(fd, MANY);
}

static void sleep_for(void *duration)
{
    goc_duration d = *(goc_duration *)duration;
    goc_sleep(d); /* tidy: sleep, because timers are the subject */
    if (alone())
        CHECK_EQ(this_thread(), loop_thread);
    finish();
}

static void timers_make_it_readable(void)
{
    static goc_duration hour = GOC_HOUR;
    static goc_duration moment = 3 * GOC_MILLISECOND;
    int fd = begin();
    party_go(sleep_for, &hour);
    party_go(sleep_for, &moment);
    while (goc_step(GOC_SECOND) == 1)
        continue;
    loop_until(fd, 1);
    while (goc_step(GOC_SECOND) == 1)
        continue;
    if (alone())
        CHECK(!readable(fd, 0)); /* until the hour is over */
    /* One that a callback starts is not overlooked either. */
    goc_timer *timer = goc_timer_func(GOC_MILLISECOND, run_once, NULL);
    loop_until(fd, 2);
    goc_timer_free(timer);
}

static goc_chan *requests;
static goc_chan *answers;

static void serve(void *unused)
{
    (void)unused;
    int request;
    while (goc_chan_recv(requests, &request)) {
        request *= 2;
        goc_chan_send(answers, &request);
    }
    finish();
}

static void callbacks_and_goroutines_talk(void)
{
    int fd = begin();
    requests = goc_chan_make(sizeof(int), 1);
    answers = goc_chan_make(sizeof(int), 1);
    party_go(serve, NULL);
    for (int i = 0; i < 200; i++) {
        goc_chan_send(requests, &i);
        while (goc_chan_len(answers) == 0) {
            readable(fd, alone() ? -1 : 1);
            CHECK(goc_step(GOC_MILLISECOND) >= 0);
        }
        int answer;
        CHECK(goc_chan_recv(answers, &answer));
        CHECK_EQ(answer, 2 * i);
    }
    goc_chan_close(requests);
    loop_until(fd, 1);
}

static void *send_requests(void *unused)
{
    for (int i = 0; i < 200; i++) {
        goc_chan_send(requests, &i);
        int answer;
        CHECK(goc_chan_recv(answers, &answer));
        CHECK_EQ(answer, 2 * i);
    }
    goc_chan_close(requests);
    return unused;
}

static void threads_make_it_readable(void)
{
    int fd = begin();
    requests = goc_chan_make(sizeof(int), 0);
    answers = goc_chan_make(sizeof(int), 0);
    party_go(serve, NULL);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, send_requests, NULL), 0);
    loop_until(fd, 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static int ends[2];

static void read_bytes(void *unused)
{
    (void)unused;
    char byte;
    while (goc_read(ends[0], &byte, 1) == 1)
        if (alone())
            CHECK_EQ(this_thread(), loop_thread);
    finish();
}

static void *write_bytes(void *unused)
{
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(write(ends[1], "x", 1), 1);
        sched_yield();
    }
    close(ends[1]);
    return unused;
}

static void descriptors_make_it_readable(void)
{
    CHECK_EQ(pipe(ends), 0);
    int fd = begin();
    party_go(read_bytes, NULL);
    while (goc_step(GOC_SECOND) == 1)
        continue;
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, write_bytes, NULL), 0);
    loop_until(fd, 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    /* And quiet again, though nobody waits for what epoll has to tell. */
    for (int i = 0; i < 3; i++)
        CHECK(goc_step(0) >= 0);
    if (alone())
        CHECK(!readable(fd, 0));
}

static void read_one(void *unused)
{
    (void)unused;
    char byte;
    CHECK_EQ(goc_read(ends[0], &byte, 1), 1);
    finish();
}

/* They make the descriptor readable once. */
static void news_that_nobody_waits_for(void)
{
    CHECK_EQ(pipe(ends), 0);
    int fd = begin();
    party_go(read_one, NULL);
    while (goc_step(GOC_SECOND) == 1)
        continue;
    CHECK_EQ(write(ends[1], "x", 1), 1);
    loop_until(fd, 1);
    CHECK(goc_step(0) >= 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    if (alone()) {
        CHECK(readable(fd, -1));
        CHECK_EQ(goc_step(0), 0);
        CHECK(!readable(fd, 0));
    }
}

static void send_one(void *unused)
{
    (void)unused;
    int one = 1;
    goc_yield();
    goc_chan_send(requests, &one);
    finish();
}

static void wake_by_and_by(void *unused)
{
    (void)unused;
    finish();
    goc_poll_wake();
}

static void *wake_and_end(void *unused)
{
    goc_poll_wake();
    return unused;
}

static void anybody_may_wake_the_loop(void)
{
    goc_poll_wake(); /* there is none */
    int fd = begin();
    while (goc_step(0) == 1)
        continue;
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, wake_and_end, NULL), 0);
    CHECK(readable(fd, -1));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(goc_step(0), 0);
    CHECK(!readable(fd, 0));
    for (uint32_t i = 1; i <= 100; i++) {
        party_go(wake_by_and_by, NULL);
        while (load_acquire(&done) < i) {
            CHECK(readable(fd, -1)); /* as work, or by the wake */
            CHECK(goc_step(0) >= 0);
        }
    }
    /* Also while the loop's place is lent. */
    requests = goc_chan_make(sizeof(int), 0);
    party_go(wake_by_and_by, NULL);
    party_go(send_one, NULL);
    CHECK(goc_chan_recv(requests, NULL));
    PARTY_UNTIL(load_acquire(&done) == 102);
    CHECK(readable(fd, -1));
}

/* ---- waits of all kinds ---------------------------------------------------------------- */

/* The loop stands, and nobody else. */
static void a_callback_may_wait(void)
{
    int fd = begin();
    requests = goc_chan_make(sizeof(int), 0);
    for (int i = 0; i < 50; i++) {
        int got;
        party_go(send_one, NULL);
        CHECK(goc_chan_recv(requests, &got));
        CHECK_EQ(this_thread(), loop_thread);
    }
    loop_with_others(fd, 50);
    /* The place comes back. */
    party_go(run_other, NULL);
    PARTY_UNTIL(alone() || load_acquire(&done) == 51);
    loop_with_others(fd, 51);
    party_go(send_one, NULL);
    while (load_acquire(&done) == 51 &&
           goc_chan_recv_until(requests, NULL, goc_now() + GOC_MILLISECOND) != 1)
        continue;
    goc_sleep(GOC_MILLISECOND); /* tidy: sleep, because that is a wait as well */
    loop_with_others(fd, 52);
}

static void read_in_libc(void *unused)
{
    (void)unused;
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    finish();
}

static void write_in_libc(void *unused)
{
    (void)unused;
    CHECK_EQ(write(ends[1], "x", 1), 1);
    finish();
}

/* The loop's thread sleeps in a goroutine's read: the place goes to another thread. */
static void a_goroutine_may_block_the_thread(void)
{
    CHECK_EQ(pipe(ends), 0);
    int fd = begin();
    for (uint32_t i = 1; i <= 5; i++) {
        party_go(read_in_libc, NULL);
        party_go(write_in_libc, NULL);
        loop_with_others(fd, 2 * i);
    }
    party_go(run_other, NULL);
    loop_with_others(fd, 11);
}

static void lock_thread(void *unused)
{
    (void)unused;
    goc_lock_os_thread();
    CHECK(this_thread() != loop_thread);
    goc_yield();
    goc_unlock_os_thread();
    finish();
}

static void a_goroutine_may_lock_a_thread(void)
{
    int fd = begin();
    for (int i = 0; i < 10; i++)
        party_go(lock_thread, NULL);
    loop_with_others(fd, 10);
    goc_lock_os_thread(); /* the loop's own is locked anyway */
    goc_unlock_os_thread();
    goc_unlock_os_thread();
    party_go(run_other, NULL);
    loop_with_others(fd, 11);
}

static void nobody_can_wake_a_callback(void)
{
    begin();
    goc_chan_recv(goc_chan_make(0, 0), NULL);
}

/* ---- bounds ---------------------------------------------------------------------------- */

static uint32_t stop; // atomic

static void spin(void *unused)
{
    (void)unused;
    while (load_acquire(&stop) == 0)
        goc_yield();
    finish();
}

static void a_step_ends_in_time(void)
{
    int fd = begin();
    uint32_t count = 2 + (uint32_t)goc_maxprocs(0);
    for (uint32_t i = 0; i < count; i++)
        party_go(spin, NULL);
    goc_duration timeouts[] = {0, -1, GOC_MILLISECOND, INT64_MIN};
    for (size_t i = 0; alone() && i < sizeof timeouts / sizeof *timeouts; i++) {
        CHECK_EQ(goc_step(timeouts[i]), 1);
        CHECK(readable(fd, 0));
    }
    store_release(&stop, 1u);
    loop_until(fd, count);
}

static void the_number_of_ps_changes(void)
{
    int fd = begin();
    int before = goc_maxprocs(0);
    for (int round = 0; round < 20; round++) {
        goc_maxprocs(round % 3 + 1);
        for (int i = 0; i < 20; i++)
            party_go(run_other, NULL);
        uint32_t count = 20 * (uint32_t)(round + 1);
        while (load_acquire(&done) < count) {
            readable(fd, 1);
            CHECK(goc_step(GOC_MILLISECOND) >= 0);
        }
    }
    goc_maxprocs(before);
}

/* ---- the end, and misuse --------------------------------------------------------------- */

static void ordinary_again(void)
{
    for (int round = 0; round < 5; round++) {
        begin();
        for (int i = 0; i < 10; i++)
            party_go(run_other, NULL);
        CHECK_EQ(goc_poll_end(), 0);
        PARTY_UNTIL(load_acquire(&done) == 10 * (uint32_t)(round + 1));
    }
}

static void be_a_loop_and_end(void *unused)
{
    (void)unused;
    CHECK(goc_poll_fd() >= 0);
    finish();
    goc_exit();
}

static void ends_with_its_goroutine(void)
{
    party_go(be_a_loop_and_end, NULL);
    PARTY_UNTIL(load_acquire(&done) == 1);
    int fd;
    while ((fd = goc_poll_fd()) == -EBUSY)
        goc_yield();
    CHECK(fd >= 0);
    loop_thread = this_thread();
    party_go(run_other, NULL);
    loop_with_others(fd, 2);
}

static void misuse_by_another(void *unused)
{
    (void)unused;
    CHECK_EQ(goc_poll_fd(), -EBUSY);
    CHECK_EQ(goc_step(0), -EPERM);
    CHECK_EQ(goc_poll_end(), -EPERM);
    finish();
}

static void *misuse_by_a_thread(void *unused)
{
    CHECK_EQ(goc_poll_fd(), -EPERM);
    CHECK_EQ(goc_step(0), -EPERM);
    return unused;
}

static void misuse_in_a_bubble(void *unused)
{
    (void)unused;
    CHECK_EQ(goc_poll_fd(), -EPERM);
}

/* Descriptors of the kinds that a loop takes.  Of other kinds the monitor may open some at any time. */
static int loops_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 64; fd++) {
        char link[64];
        char target[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        count +=
            strstr(target, "[eventpoll]") != NULL || strstr(target, "[timerfd]") != NULL;
    }
    return count;
}

/* LEFT descriptors are: none, or one of the two that the loop takes. */
static void with_descriptors_left(rlim_t left)
{
    struct rlimit limit;
    int before = loops_descriptors();
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    int result;
    do { /* again, where the monitor has just closed one that it had */
        int next = dup(0);
        close(next);
        struct rlimit low = {.rlim_cur = (rlim_t)next + left, .rlim_max = limit.rlim_max};
        CHECK_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
        result = goc_poll_fd();
    } while (result >= 0 && goc_poll_end() == 0);
    CHECK_EQ(result, -EMFILE);
    CHECK_EQ(goc_step(0), -EPERM);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK_EQ(loops_descriptors(), before); /* what was opened is closed again */
}

static void no_descriptor_is_left(void)
{
    party_go(run_other, NULL);
    PARTY_UNTIL(load_acquire(&done) == 1);
    with_descriptors_left(0);
    with_descriptors_left(1);
    int fd = begin();
    party_go(run_once, NULL);
    loop_until(fd, 2);
}

static void misuse(void)
{
    CHECK_EQ(goc_step(0), -EPERM);
    CHECK_EQ(goc_poll_end(), -EPERM);
    goc_synctest_run(misuse_in_a_bubble, NULL);
    int fd = begin();
    party_go(misuse_by_another, NULL);
    loop_until(fd, 1);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, misuse_by_a_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(goc_poll_end(), 0);
    CHECK_EQ(goc_step(0), -EPERM);
}

static const struct isolated_case cases[] = {
    ISOLATED(goroutines_run_in_steps),
    ISOLATED(a_goroutine_may_compute),
    ISOLATED(started_before),
    ISOLATED(timers_make_it_readable),
    ISOLATED(callbacks_and_goroutines_talk),
    ISOLATED(threads_make_it_readable),
    ISOLATED(descriptors_make_it_readable),
    ISOLATED(news_that_nobody_waits_for),
    ISOLATED(anybody_may_wake_the_loop),
    ISOLATED(a_callback_may_wait),
    ISOLATED(a_goroutine_may_block_the_thread),
    ISOLATED(a_goroutine_may_lock_a_thread),
    ISOLATED_PANIC(nobody_can_wake_a_callback,
                   "fatal error: all goroutines are asleep - deadlock!"),
    ISOLATED(a_step_ends_in_time),
    ISOLATED(the_number_of_ps_changes),
    ISOLATED(ordinary_again),
    ISOLATED(ends_with_its_goroutine),
    ISOLATED(no_descriptor_is_left),
    ISOLATED(misuse),
};

ISOLATED_MAIN(cases)
