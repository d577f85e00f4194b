/* What goes through descriptors and message queues is before who gets it, and nothing else is.
 * As order_posix.c: for each operation a scenario where it orders, and one where it does not. */
#include "turns.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>

/* The time is up long after every scenario is over. */
static struct timespec far_ahead(clockid_t clock)
{
    struct timespec time;
    CHECK_EQ(clock_gettime(clock, &time), 0);
    time.tv_sec += 600;
    return time;
}

/* Descriptors: what is written to one is before who reads it there. */

static int from[2];
static int to[2];

static void write_byte(int fd)
{
    touch();
    CHECK_EQ(write(fd, "12345678", 8), 8);
}

static void read_byte(int fd)
{
    char bytes[8];
    CHECK(read(fd, bytes, sizeof bytes) > 0);
    touch();
}

static void write_to(void)
{
    write_byte(to[0]);
}

static void read_from(void)
{
    read_byte(from[0]);
}

static void fill_other(void)
{
    CHECK_EQ(write(to[1], "12345678", 8), 8);
}

static void read_from_other(void)
{
    read_byte(from[1]);
}

static void make_eventfds(void)
{
    for (int i = 0; i < 2; i++)
        from[i] = to[i] = eventfd(0, 0);
}

static void make_pipes(void)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];
        CHECK_EQ(pipe(ends), 0);
        from[i] = ends[0];
        to[i] = ends[1];
    }
}

static void make_pairs(void)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];
        CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        from[i] = ends[0];
        to[i] = ends[1];
    }
}

#define DESCRIPTOR_SCENARIOS(name, make)                                                 \
    static void name(void)                                                               \
    {                                                                                    \
        make();                                                                          \
        TURNS(write_to, read_from);                                                      \
    }                                                                                    \
    static void another_##name(void)                                                     \
    {                                                                                    \
        make();                                                                          \
        TURNS(fill_other, write_to, read_from_other);                                    \
    }

DESCRIPTOR_SCENARIOS(event, make_eventfds)
DESCRIPTOR_SCENARIOS(pipe_bytes, make_pipes)
DESCRIPTOR_SCENARIOS(socket_pair, make_pairs)

/* A descriptor whose close went unseen means nothing to the next that has its number. */

static void number_used_again(void)
{
    make_pipes();
    int number = from[0];
    FILE *stream = fdopen(number, "r");
    CHECK(stream != NULL && fclose(stream) == 0);
    from[0] = eventfd(0, 0);
    CHECK_EQ(from[0], number);
    CHECK_EQ(write(from[0], "\1\0\0\0\0\0\0\0", 8), 8);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    to[1] = to[0];
}

static void write_in_vain(void)
{
    touch();
    CHECK_EQ(write(to[1], "x", 1), -1);
}

static void descriptor_again(void)
{
    number_used_again();
    TURNS(write_in_vain, read_from);
}

/* By TCP. */

static struct sockaddr_in address;

static void listen_for_one(void)
{
    socklen_t size = sizeof address;
    address = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    from[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(bind(from[0], (struct sockaddr *)&address, size), 0);
    CHECK_EQ(listen(from[0], 1), 0);
    CHECK_EQ(getsockname(from[0], (struct sockaddr *)&address, &size), 0);
}

static void touch_and_connect(void)
{
    touch();
    to[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(to[0], (struct sockaddr *)&address, sizeof address), 0);
}

static void accept_and_touch(void)
{
    CHECK(accept(from[0], NULL, NULL) >= 0);
    touch();
}

static void connect_before_accept(void)
{
    listen_for_one();
    TURNS(touch_and_connect, accept_and_touch);
}

static void touch_after_listen(void)
{
    int value;
    socklen_t size = sizeof value;
    CHECK_EQ(getsockopt(from[0], SOL_SOCKET, SO_TYPE, &value, &size), 0);
    touch();
}

static void connect_alone(void)
{
    listen_for_one();
    TURNS(touch_and_connect, touch_after_listen);
}

/* Several messages at once, several parts at an offset, from descriptor to descriptor. */

static void send_many(void)
{
    struct iovec part = {"x", 1};
    struct mmsghdr messages[2] = {{.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}},
                                  {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}}};
    touch();
    CHECK_EQ(sendmmsg(to[0], messages, 2, 0), 2);
}

static void receive_many(void)
{
    char bytes[2];
    struct iovec parts[2] = {{&bytes[0], 1}, {&bytes[1], 1}};
    struct mmsghdr messages[2] = {{.msg_hdr = {.msg_iov = &parts[0], .msg_iovlen = 1}},
                                  {.msg_hdr = {.msg_iov = &parts[1], .msg_iovlen = 1}}};
    CHECK_EQ(recvmmsg(from[0], messages, 2, 0, NULL), 2);
    CHECK_EQ(bytes[0] + bytes[1], 2 * 'x');
    touch();
}

static void receive_none(void)
{
    struct mmsghdr message = {0};
    CHECK_EQ(recvmmsg(from[1], &message, 1, MSG_DONTWAIT, NULL), -1);
    touch();
}

static void many_messages(void)
{
    make_pairs();
    TURNS(send_many, receive_many);
}

static void many_messages_elsewhere(void)
{
    make_pairs();
    TURNS(send_many, receive_none);
}

static void make_memfds(void)
{
    for (int i = 0; i < 2; i++) {
        from[i] = to[i] = memfd_create("order", 0);
        CHECK(from[i] >= 0);
    }
}

static void write_parts(void)
{
    struct iovec parts[2] = {{"a", 1}, {"b", 1}};
    touch();
    CHECK_EQ(pwritev(to[0], parts, 2, 0), 2);
}

static void read_parts(void)
{
    char bytes[2];
    struct iovec parts[2] = {{&bytes[0], 1}, {&bytes[1], 1}};
    CHECK_EQ(preadv(from[0], parts, 2, 0), 2);
    touch();
}

static void read_no_parts(void)
{
    char byte;
    struct iovec part = {&byte, 1};
    CHECK_EQ(preadv(from[1], &part, 1, 0), 0);
    touch();
}

static void parts_at_an_offset(void)
{
    make_memfds();
    TURNS(write_parts, read_parts);
}

static void parts_elsewhere(void)
{
    make_memfds();
    TURNS(write_parts, read_no_parts);
}

static void splice_over(void)
{
    CHECK_EQ(splice(from[0], NULL, to[1], NULL, 8, 0), 8);
}

static void bytes_passed_on(void)
{
    make_pipes();
    TURNS(write_to, splice_over, read_from_other);
}

static void bytes_not_passed_on(void)
{
    make_pipes();
    TURNS(fill_other, write_to, read_from_other);
}

/* A timer's expiry is behind its setting. */

static void set_timer(void)
{
    struct itimerspec soon = {.it_value.tv_nsec = 1};
    touch();
    CHECK_EQ(timerfd_settime(from[0], 0, &soon, NULL), 0);
}

static void set_timers(void)
{
    struct itimerspec soon = {.it_value.tv_nsec = 1};
    CHECK_EQ(timerfd_settime(from[1], 0, &soon, NULL), 0);
    set_timer();
}

static void make_timers(void)
{
    for (int i = 0; i < 2; i++)
        from[i] = timerfd_create(CLOCK_MONOTONIC, 0);
}

static void timer_before_expiry(void)
{
    make_timers();
    TURNS(set_timer, read_from);
}

static void another_timers_expiry(void)
{
    make_timers();
    TURNS(set_timers, read_from_other);
}

/* epoll: who arms a descriptor and writes to it is before who hears of it. */

static int poller;

static void watch(void)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = from[0]};
    touch();
    CHECK_EQ(epoll_ctl(poller, EPOLL_CTL_ADD, from[0], &event), 0);
    CHECK_EQ(write(to[0], "x", 1), 1);
}

static void make_poller(void)
{
    make_pipes();
    poller = epoll_create1(0);
}

static void hear(void)
{
    struct epoll_event event;
    CHECK_EQ(epoll_wait(poller, &event, 1, -1), 1);
    touch();
}

static void hear_nothing(void)
{
    struct epoll_event event;
    int other = epoll_create1(0);
    CHECK_EQ(epoll_wait(other, &event, 1, 0), 0);
    touch();
}

static void armed_before_heard(void)
{
    make_poller();
    TURNS(watch, hear);
}

static void another_poller(void)
{
    make_poller();
    TURNS(watch, hear_nothing);
}

/* Message queues with a deadline. */

static mqd_t queues[2];

static bool make_queues(void)
{
    for (int i = 0; i < 2; i++) {
        char name[40];
        struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
        snprintf(name, sizeof name, "/goc-order-%d-%d", getpid(), i);
        queues[i] = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
        if (queues[i] == (mqd_t)-1)
            return false;
        mq_unlink(name);
    }
    return true;
}

static void send_timed(void)
{
    struct timespec deadline = far_ahead(CLOCK_REALTIME);
    touch();
    CHECK_EQ(mq_timedsend(queues[0], "x", 1, 0, &deadline), 0);
}

static void receive_timed(void)
{
    char text[8];
    struct timespec deadline = far_ahead(CLOCK_REALTIME);
    CHECK_EQ(mq_timedreceive(queues[0], text, sizeof text, NULL, &deadline), 1);
    touch();
}

static void fill_other_queue(void)
{
    CHECK_EQ(mq_send(queues[1], "x", 1, 0), 0);
}

static void receive_from_other_queue(void)
{
    char text[8];
    CHECK_EQ(mq_receive(queues[1], text, sizeof text, NULL), 1);
    touch();
}

static void receive_too_late(void)
{
    char text[8];
    struct timespec past = {0, 0};
    CHECK_EQ(mq_timedreceive(queues[1], text, sizeof text, NULL, &past), -1);
    touch();
}

static void timed_messages(void)
{
    if (make_queues())
        TURNS(send_timed, receive_timed);
}

static void timed_messages_elsewhere(void)
{
    if (make_queues())
        TURNS(fill_other_queue, send_timed, receive_from_other_queue);
    else
        TURNS(touch, touch); /* a system without message queues */
}

static void timed_messages_too_late(void)
{
    if (make_queues())
        TURNS(send_timed, receive_too_late);
    else
        TURNS(touch, touch);
}

/* A thread that libc makes for a message: what came before the message, and before asking for
 * it. */

static struct barrier notified;

static void touch_notified(union sigval value)
{
    CHECK_EQ(value.sival_int, 7);
    touch();
    barrier_arrive(&notified);
}

static const struct sigevent notification = {.sigev_notify = SIGEV_THREAD,
                                             .sigev_notify_function = touch_notified,
                                             .sigev_value.sival_int = 7};

static void ask_and_send(void)
{
    touch();
    CHECK_EQ(mq_notify(queues[0], &notification), 0);
    touch();
    CHECK_EQ(mq_send(queues[0], "x", 1, 0), 0);
}

static void notified_of_a_message(void)
{
    if (!make_queues())
        return;
    ask_and_send();
    barrier_await(&notified, 1);
}

static void notified_meanwhile(void)
{
    if (make_queues()) {
        ask_and_send();
        touch();
        barrier_await(&notified, 1);
    } else {
        TURNS(touch, touch); /* a system without message queues */
    }
}

/* And for a timer: what came before it was set. */

static void set_timer_of_thread(void)
{
    timer_t timer;
    struct itimerspec soon = {.it_value.tv_nsec = 1};
    struct sigevent event = notification;
    CHECK_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    touch();
    CHECK_EQ(timer_settime(timer, 0, &soon, NULL), 0);
}

static void timer_of_thread(void)
{
    set_timer_of_thread();
    barrier_await(&notified, 1);
}

static void timer_of_thread_meanwhile(void)
{
    set_timer_of_thread();
    touch();
    barrier_await(&notified, 1);
}

static const struct scenario scenarios[] = {
    SCENARIO(timed_messages, NO_RACE),
    SCENARIO(timed_messages_elsewhere, RACE),
    SCENARIO(timed_messages_too_late, RACE),
    SCENARIO(event, NO_RACE),
    SCENARIO(another_event, RACE),
    SCENARIO(pipe_bytes, NO_RACE),
    SCENARIO(another_pipe_bytes, RACE),
    SCENARIO(socket_pair, NO_RACE),
    SCENARIO(another_socket_pair, RACE),
    SCENARIO(descriptor_again, RACE),
    SCENARIO(connect_before_accept, NO_RACE),
    SCENARIO(connect_alone, RACE),
    SCENARIO(many_messages, NO_RACE),
    SCENARIO(many_messages_elsewhere, RACE),
    SCENARIO(parts_at_an_offset, NO_RACE),
    SCENARIO(parts_elsewhere, RACE),
    SCENARIO(bytes_passed_on, NO_RACE),
    SCENARIO(bytes_not_passed_on, RACE),
    SCENARIO(timer_before_expiry, NO_RACE),
    SCENARIO(another_timers_expiry, RACE),
    SCENARIO(armed_before_heard, NO_RACE),
    SCENARIO(another_poller, RACE),
    SCENARIO(notified_of_a_message, NO_RACE),
    SCENARIO(notified_meanwhile, RACE),
    SCENARIO(timer_of_thread, NO_RACE),
    SCENARIO(timer_of_thread_meanwhile, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 26 wrong
