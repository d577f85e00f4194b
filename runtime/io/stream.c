/* Reading and writing: try, wait, try again.
 *
 * The read that would find nothing is left out where that is known beforehand: a TCP socket that
 * the poller watches gave less than was asked for, and no edge has come since.  A protocol of
 * questions and answers then costs a read and a write each, where every wait would begin with a
 * read in vain.  Urgent data and the end of the stream break that rule, so a socket that showed
 * either reads as the others do.
 */
#include "events/events.h"
#include "io/busy.h"
#include "io/ring.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "sched/bubble.h"
#include "sched/park.h"

#include <goc/io.h>

/* What a call transfers, and how far it is. */
struct transfer {
    char *buffer;
    size_t size;
    size_t done; /* bytes written so far */
    int flags;   /* of recv and send */
    bool tried;  /* at least once */
    bool any;    /* read and write: also what is no socket */
    const void *pc;
};

/* OP's descriptor is no socket: note what else. */
static void note_file(struct io_op *op)
{
    bool shared = goc__file_is_shared(op->fd);
    goc__desc_note(op->desc, (uint32_t)(DESC_FILE | (shared ? DESC_SHARED : 0)));
}

/* Read or write a file once. */
static long use_file(struct io_op *op, char *at, size_t size)
{
    struct lock *turn = &op->desc->turn[op->direction];
    bool shared = load_relaxed(&op->desc->flags) & DESC_SHARED;
    if (shared)
        goc__lock(turn);
    long result = op->direction == IO_READ ? goc__file_read(op->fd, at, size)
                                           : goc__file_write(op->fd, at, size);
    if (shared)
        goc__unlock(turn);
    return result;
}

/* A read got RESULT; remember whether there was less than it asked for. */
static void note_drained(const struct io_op *op, const struct transfer *t, long result)
{
    bool drained = result > 0 && (size_t)result < t->size && t->flags == 0;
    uint32_t mark = drained ? op->seen : 0;
    if (load_relaxed(&op->desc->drained) != mark)
        store_relaxed(&op->desc->drained, mark);
}

static long try_read(struct io_op *op, struct transfer *t)
{
    struct io_desc *desc = op->desc;
    uint32_t token = event_call_begin(t->pc);
    long result;
    if (t->any && (load_relaxed(&desc->flags) & DESC_FILE)) {
        result = use_file(op, t->buffer, t->size);
    } else {
        result = goc__file_recv(op->fd, t->buffer, t->size, t->flags);
        if (t->any && result == -ENOTSOCK) {
            note_file(op);
            result = use_file(op, t->buffer, t->size);
        }
    }
    event_call_end(token);
    note_drained(op, t, result);
    return result;
}

/* Would a read get nothing?  Only for a goroutine: the poller's edges are behind the kernel's. */
static bool is_drained(const struct io_op *op)
{
    const uint32_t needed = DESC_ADOPTED | DESC_WATCHED | DESC_TCP;
    return load_relaxed(&op->desc->drained) == op->seen &&
           (load_relaxed(&op->desc->flags) & (needed | DESC_ENDING)) == needed &&
           !goc__is_thread(goc__self()) &&
           (op->deadline == TIMER_NEVER || op->deadline > goc__clock_now());
}

/* As read_some, where a ring takes OP: it waits for data even if there should be some already,
 * so a mark that is out of date costs a wait for nothing that is over at once. */
static long read_by_ring(struct io_op *op, struct transfer *t)
{
    bool drained = load_relaxed(&op->desc->drained) == op->seen;
    long result = drained ? -EAGAIN : try_read(op, t);
    if (result == -EAGAIN) {
        result = goc__ring_recv(op, t->buffer, t->size);
        note_drained(op, t, result);
    }
    return result;
}

/* As read_some, of a busy socket. */
static long read_by_turns(struct io_op *op, struct transfer *t)
{
    long result;
    do {
        if (!goc__busy_queue(op))
            return goc__desc_is_closing(op->desc) ? -EAGAIN : try_read(op, t);
        result = try_read(op, t);
    } while (result == -EAGAIN && goc__busy_missed(op));
    if (result != -EAGAIN)
        goc__busy_found(op);
    return result;
}

static long read_some(struct io_op *op, struct transfer *t)
{
    int error = goc__io_begin(op);
    if (error != 0)
        return error;
    /* Nothing is waited for in order to read nothing: not even a socket does, asked by read. */
    if (t->any && t->size == 0)
        return goc__io_end(op, goc__file_read(op->fd, t->buffer, 0));
    long result;
    if (t->flags == 0 && goc__ring_takes(op))
        result = read_by_ring(op, t);
    else if (t->flags == 0 && goc__busy_takes(op) && !goc__is_thread(goc__self()))
        result = read_by_turns(op, t);
    else
        result = is_drained(op) && t->flags == 0 ? -EAGAIN : try_read(op, t);
    while (result == -EAGAIN) {
        result = goc__io_wait(op);
        if (result != 0)
            break;
        goc__busy_waited(op);
        result = try_read(op, t);
    }
    return goc__io_end(op, result);
}

static long write_once(struct io_op *op, const struct transfer *t)
{
    char *from = t->buffer + t->done;
    size_t size = t->size - t->done;
    bool is_file = t->any && (load_relaxed(&op->desc->flags) & DESC_FILE);
    if (t->flags == 0 && goc__ring_takes(op))
        return goc__ring_send(op, from, size);
    uint32_t token = event_call_begin(t->pc);
    long result =
        is_file ? use_file(op, from, size) : goc__file_send(op->fd, from, size, t->flags);
    if (t->any && !is_file && result == -ENOTSOCK) {
        note_file(op);
        result = use_file(op, from, size);
    }
    event_call_end(token);
    return result;
}

static long write_all(struct io_op *op, struct transfer *t)
{
    long result = goc__io_begin(op);
    if (result != 0)
        return result;
    do {
        result = write_once(op, t);
        if (result > 0)
            t->done += (size_t)result;
        else if (result == -EAGAIN)
            result = goc__io_wait(op);
        else if (result == 0 && t->size > 0)
            break; /* a file that takes no more and has no error */
    } while (result >= 0 && t->done < t->size);
    return goc__io_end(op, t->done > 0 || result >= 0 ? (long)t->done : result);
}

static ssize_t read_until(int fd, struct transfer t, goc_time deadline)
{
    struct io_op op = {
        .fd = fd, .direction = IO_READ, .deadline = goc__bubble_real(deadline)};
    return read_some(&op, &t);
}

static ssize_t write_until(int fd, struct transfer t, goc_time deadline)
{
    struct io_op op = {
        .fd = fd, .direction = IO_WRITE, .deadline = goc__bubble_real(deadline)};
    return write_all(&op, &t);
}

#define READING(...)                                                                     \
    (struct transfer)                                                                    \
    {                                                                                    \
        .buffer = buffer, .size = size, .pc = EVENT_CALLER_PC(), __VA_ARGS__             \
    }
#define WRITING(...)                                                                     \
    (struct transfer)                                                                    \
    {                                                                                    \
        .buffer = (char *)(uintptr_t)buffer, .size = size, .pc = EVENT_CALLER_PC(),      \
        __VA_ARGS__                                                                      \
    }

ssize_t goc_read(int fd, void *buffer, size_t size)
{
    return read_until(fd, READING(.any = true), GOC_NEVER);
}

ssize_t goc_read_until(int fd, void *buffer, size_t size, goc_time deadline)
{
    return read_until(fd, READING(.any = true), deadline);
}

ssize_t goc_recv(int fd, void *buffer, size_t size, int flags)
{
    return read_until(fd, READING(.flags = flags), GOC_NEVER);
}

ssize_t goc_recv_until(int fd, void *buffer, size_t size, int flags, goc_time deadline)
{
    return read_until(fd, READING(.flags = flags), deadline);
}

ssize_t goc_write(int fd, const void *buffer, size_t size)
{
    return write_until(fd, WRITING(.any = true), GOC_NEVER);
}

ssize_t goc_write_until(int fd, const void *buffer, size_t size, goc_time deadline)
{
    return write_until(fd, WRITING(.any = true), deadline);
}

ssize_t goc_send(int fd, const void *buffer, size_t size, int flags)
{
    return write_until(fd, WRITING(.flags = flags), GOC_NEVER);
}

ssize_t goc_send_until(int fd, const void *buffer, size_t size, int flags,
                       goc_time deadline)
{
    return write_until(fd, WRITING(.flags = flags), deadline);
}
