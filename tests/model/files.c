/* Descriptors in the model: streams with so many bytes to read and so much room to write, what
 * ends a poll, and an edge-triggered epoll over them.  Numbers are given as the system gives
 * them, the lowest that is free.
 *
 * The other side of a stream is the scenario's (model.h).  Nothing comes between the parts of one
 * call.  A close is before the open that gets its number, by the lock of the kernel's table; else
 * no call orders any memory: what the runtime needs ordered it orders itself.  A call may end as by
 * a signal where the real one may: a surprise.
 *
 * Reading or writing a number that is closed is a failure: the runtime keeps a number taken for as
 * long as an operation uses it. */
#include "inside.h"
#include "os/alarm.h"
#include "os/clock.h"
#include "os/epoll.h"
#include "os/file.h"

#include <errno.h>
#include <limits.h>

enum { FILES = 8, EPOLL = FILES, ALARM };

enum kind { CLOSED, STREAM, WAKER };

struct file {
    enum kind kind;
    unsigned bytes;   /* to be read */
    unsigned room;    /* to write to */
    bool watched;     /* by the epoll */
    uint32_t pending; /* edges that the epoll has not reported */
};

static struct file files[FILES];
static unsigned close_count;
static int64_t alarm_time = INT64_MAX; /* of the event loop's alarm; 0: now */
static uint32_t changed;               /* a futex's word: what who waits here waits for */
static uint32_t table;                 // atomic: the lock of the kernel's table

static void change(void)
{
    model_progress();
    model_wake(&changed, INT_MAX);
}

void model_files_change(void)
{
    change();
}

static uint32_t readiness(const struct file *file)
{
    return (file->bytes > 0 ? EPOLLIN : 0) | (file->room > 0 ? EPOLLOUT : 0);
}

static void edge(struct file *file, uint32_t event)
{
    if (file->watched)
        file->pending |= event;
    change();
    model_rings_look();
}

static void lock_table(void)
{
    bool quiet = model_is_quiet();
    model_quiet(true);
    goc__model_rmw(&table, sizeof table, MODEL_ADD, 1, MODEL_ACQ_REL, "descriptor table");
    model_quiet(quiet);
}

static int open_as(enum kind kind, unsigned bytes, unsigned room)
{
    model_step();
    lock_table();
    for (int fd = 0; fd < FILES; fd++) {
        if (files[fd].kind != CLOSED)
            continue;
        files[fd] = (struct file){.kind = kind, .bytes = bytes, .room = room};
        return fd;
    }
    model_fail("more than %d descriptors", FILES);
}

static struct file *used(int fd, const char *what)
{
    model_step();
    if (fd < 0 || fd >= FILES || files[fd].kind == CLOSED)
        model_fail("%s descriptor %d, which is closed", what, fd);
    return &files[fd];
}

/* ---- the scenario's side -------------------------------------------------------------------- */

int model_file_open(unsigned bytes, unsigned room)
{
    return open_as(STREAM, bytes, room);
}

void model_file_put(int fd, unsigned bytes)
{
    model_step();
    if (files[fd].kind == CLOSED)
        return;
    model_note("put", NULL, NULL, (uint64_t)fd);
    files[fd].bytes += bytes;
    edge(&files[fd], EPOLLIN);
}

void model_file_take(int fd, unsigned bytes)
{
    model_step();
    if (files[fd].kind == CLOSED)
        return;
    model_note("take", NULL, NULL, (uint64_t)fd);
    files[fd].room += bytes;
    edge(&files[fd], EPOLLOUT);
}

unsigned model_file_bytes(int fd)
{
    return files[fd].bytes;
}

unsigned model_file_closes(void)
{
    return close_count;
}

/* ---- os/alarm.h: there is one, an event loop's ---------------------------------------------- */

int goc__alarm_open(void)
{
    alarm_time = INT64_MAX;
    return ALARM;
}

void goc__alarm_set(int fd, int64_t time)
{
    (void)fd;
    model_step();
    model_note("alarm", NULL, NULL, (uint64_t)time);
    alarm_time = time;
    change();
}

void model_alarm_wait(void)
{
    model_step();
    while (alarm_time > model_now())
        model_wait(&changed, alarm_time);
}

/* ---- os/file.h ------------------------------------------------------------------------------ */

static long transfer(unsigned *left, size_t size)
{
    unsigned count = size < *left ? (unsigned)size : *left;
    *left -= count;
    return count > 0 ? (long)count : -EAGAIN;
}

long model_file_move(int fd, bool out, size_t size)
{
    struct file *file = &files[fd];
    if (file->kind == CLOSED)
        model_fail("a call for descriptor %d, which is closed", fd);
    unsigned *left = out ? &file->room : &file->bytes;
    return size > 0 ? transfer(left, size) : *left > 0 ? 0 : -EAGAIN;
}

long goc__file_recv(int fd, void *buffer, size_t size, int flags)
{
    (void)flags;
    long got = transfer(&used(fd, "recv of")->bytes, size);
    model_note("recv", NULL, NULL, (uint64_t)got);
    if (got > 0)
        model_shadow_access(buffer, (size_t)got, MODEL_WRITE,
                            __builtin_return_address(0));
    return got;
}

long goc__file_send(int fd, const void *buffer, size_t size, int flags)
{
    (void)flags;
    long put = transfer(&used(fd, "send to")->room, size);
    model_note("send", NULL, NULL, (uint64_t)put);
    if (put > 0)
        model_shadow_access(buffer, (size_t)put, MODEL_READ, __builtin_return_address(0));
    return put;
}

int goc__file_close(int fd)
{
    model_step();
    model_note("close", NULL, NULL, (uint64_t)fd);
    lock_table();
    if (fd >= FILES)
        return 0;
    struct file *file = &files[fd];
    if (file->kind == CLOSED)
        return -EBADF;
    model_rings_check_closed(fd);
    close_count += file->kind == STREAM;
    *file = (struct file){.kind = CLOSED};
    change();
    return 0;
}

/* How many of FDS are ready. */
static int look_at(struct pollfd *fds, size_t count)
{
    int ready = 0;
    for (size_t i = 0; i < count; i++) {
        const struct file *file = &files[fds[i].fd];
        uint32_t events = file->kind == CLOSED ? POLLNVAL : readiness(file);
        fds[i].revents = (short)(events & ((uint32_t)fds[i].events | POLLNVAL));
        ready += fds[i].revents != 0;
    }
    return ready;
}

int goc__file_poll(struct pollfd *fds, size_t count, int64_t time)
{
    model_shadow_access(fds, count * sizeof *fds, MODEL_WRITE,
                        __builtin_return_address(0));
    model_step();
    for (;;) {
        int ready = look_at(fds, count);
        if (ready > 0 || time <= model_now())
            return ready;
        if (model_surprise())
            return -EINTR;
        model_wait(&changed, time);
    }
}

int goc__file_wakeable(void)
{
    return open_as(WAKER, 0, 0);
}

void goc__file_wake(int fd)
{
    struct file *file = used(fd, "wake by");
    file->bytes = 1;
    change();
}

/* No scenario has these: every descriptor is a connected socket. */
long goc__file_recvmsg(int fd, struct msghdr *message, int flags)
{
    (void)message;
    (void)flags;
    model_fail("recvmsg on %d", fd);
}

long goc__file_sendmsg(int fd, const struct msghdr *message, int flags)
{
    (void)message;
    (void)flags;
    model_fail("sendmsg on %d", fd);
}

bool goc__file_is_shared(int fd)
{
    model_fail("%d is no file", fd);
}

long goc__file_read(int fd, void *buffer, size_t size)
{
    (void)buffer;
    (void)size;
    model_fail("read on %d", fd);
}

long goc__file_write(int fd, const void *buffer, size_t size)
{
    (void)buffer;
    (void)size;
    model_fail("write on %d", fd);
}

int goc__file_accept(int fd, struct sockaddr *address, socklen_t *size)
{
    (void)address;
    (void)size;
    model_fail("accept on %d", fd);
}

int goc__file_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)address;
    (void)size;
    model_fail("connect on %d", fd);
}

int goc__file_connected(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)address;
    (void)size;
    model_fail("connect on %d", fd);
}

int goc__file_no_wait(int fd)
{
    (void)used(fd, "mode of");
    return 0;
}

bool goc__file_is_tcp(int fd)
{
    (void)used(fd, "kind of");
    return true;
}

/* ---- os/epoll.h ----------------------------------------------------------------------------- */

int goc__epoll_open(void)
{
    return EPOLL;
}

int goc__epoll_watch(int poller, int fd)
{
    (void)poller;
    model_step();
    struct file *file = &files[fd];
    if (file->kind == CLOSED)
        return -EBADF;
    file->watched = true;
    edge(file, readiness(file));
    return 0;
}

void goc__epoll_forget(int poller, int fd)
{
    (void)poller;
    struct file *file = used(fd, "forgetting");
    file->watched = false;
    file->pending = 0;
}

/* What watches others is readable when one of them is: model_alarm_wait. */
int goc__epoll_nest(int poller, int fd, int data)
{
    (void)poller;
    model_step();
    model_ring_nest(fd, data);
    change();
    return 0;
}

static int take_events(struct epoll_event *events, int limit)
{
    int count = model_ring_events(events, limit);
    for (int fd = 0; fd < FILES && count < limit; fd++) {
        if (files[fd].pending == 0)
            continue;
        events[count++] =
            (struct epoll_event){.events = files[fd].pending, .data.fd = fd};
        files[fd].pending = 0;
    }
    return count;
}

int goc__epoll_wait(int poller, struct epoll_event *events, int limit, int64_t time)
{
    (void)poller;
    model_shadow_access(events, (size_t)limit * sizeof *events, MODEL_WRITE,
                        __builtin_return_address(0));
    model_spin_ended();
    model_step();
    for (;;) {
        int count = take_events(events, limit);
        if (count > 0 || time <= model_now() || model_surprise())
            return count;
        model_wait(&changed, time);
    }
}
