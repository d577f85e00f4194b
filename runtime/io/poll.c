/* poll: a wait at several descriptors at once. */
#include "events/events.h"
#include "io/netpoll.h"
#include "io/wait.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "sched/bubble.h"
#include "sched/park.h"

#include <goc/io.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 8 }; /* so many descriptors need no memory from the heap */

/* One direction of one descriptor. */
struct part {
    struct io_op op;
    struct io_waiter waiter;
    size_t index; /* of its descriptor in fds */
    bool joined;
};

struct set {
    struct pollfd
        *fds; /* the caller's, and behind a copy of them one for waking a thread */
    size_t fd_count;
    struct part *parts;
    size_t part_count;
    struct pollfd *copy;
};

static void begin_part(struct set *set, size_t index, enum io_direction direction)
{
    struct part *part = &set->parts[set->part_count];
    *part = (struct part){
        .op = {.fd = set->fds[index].fd, .direction = direction, .deadline = TIMER_NEVER},
        .index = index,
    };
    /* One that is being closed has no part: revents says so already. */
    if (goc__io_begin(&part->op) == 0)
        set->part_count++;
    else
        set->fds[index].revents = POLLNVAL;
}

static void begin(struct set *set)
{
    for (size_t i = 0; i < set->fd_count; i++) {
        struct pollfd *fd = &set->fds[i];
        fd->revents = 0;
        if (fd->fd < 0)
            continue;
        bool writes = fd->events & (POLLOUT | POLLWRNORM | POLLWRBAND);
        if (writes)
            begin_part(set, i, IO_WRITE);
        if (!writes || (fd->events & ~(POLLOUT | POLLWRNORM | POLLWRBAND)))
            begin_part(set, i, IO_READ);
    }
}

static void end(struct set *set)
{
    for (size_t i = 0; i < set->part_count; i++)
        goc__io_end(&set->parts[i].op, 0);
}

/* How many of SET are ready, those included that are closed meanwhile. */
static int look(struct set *set)
{
    int ready;
    do {
        for (size_t i = 0; i < set->part_count; i++) {
            struct io_op *op = &set->parts[i].op;
            op->seen = load_acquire(&op->desc->edges[op->direction]);
        }
        ready = goc__file_poll(set->fds, set->fd_count, 0);
    } while (ready == -EINTR);
    if (ready < 0)
        return ready;
    for (size_t i = 0; i < set->part_count; i++) {
        struct pollfd *fd = &set->fds[set->parts[i].index];
        if (goc__desc_is_closing(set->parts[i].op.desc) && fd->revents != POLLNVAL) {
            ready += fd->revents == 0;
            fd->revents = POLLNVAL;
        }
    }
    return ready;
}

static bool join_all(struct set *set, struct io_wait *wait)
{
    bool waits = true;
    for (size_t i = 0; i < set->part_count && waits; i++) {
        struct part *part = &set->parts[i];
        waits = part->joined = goc__wait_join(wait, &part->waiter, &part->op);
    }
    return waits;
}

static void leave_all(struct set *set)
{
    for (size_t i = 0; i < set->part_count; i++) {
        struct part *part = &set->parts[i];
        if (part->joined)
            goc__wait_leave(&part->waiter, &part->op);
        part->joined = false;
    }
}

static int wait_as_goroutine(struct set *set, int64_t deadline)
{
    for (size_t i = 0; i < set->part_count; i++) {
        int result = goc__netpoll_watch(set->parts[i].op.fd, set->parts[i].op.desc);
        if (result < 0)
            return result;
    }
    struct io_wait wait;
    goc__wait_prepare(&wait, deadline);
    if (join_all(set, &wait))
        goc__wait_sleep(&wait, set->part_count > 0); /* else there may be no poller yet */
    leave_all(set);
    goc__wait_finish(&wait, deadline);
    return 0;
}

static int wait_as_thread(struct set *set, int64_t deadline)
{
    int wake_fd = goc__file_wakeable();
    if (wake_fd < 0)
        return wake_fd;
    struct io_wait wait;
    goc__wait_prepare_thread(&wait, wake_fd);
    memcpy(set->copy, set->fds, set->fd_count * sizeof *set->fds);
    set->copy[set->fd_count] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
    if (join_all(set, &wait))
        goc__file_poll(set->copy, set->fd_count + 1, deadline);
    leave_all(set);
    goc__file_close(wake_fd);
    return 0;
}

static int poll_set(struct set *set, int64_t deadline)
{
    bool is_thread = goc__is_thread(goc__self());
    begin(set);
    int ready;
    int error = 0;
    for (;;) {
        ready = look(set);
        if (ready != 0 || error != 0)
            break;
        if (deadline != TIMER_NEVER && deadline <= goc__clock_now())
            break;
        error =
            is_thread ? wait_as_thread(set, deadline) : wait_as_goroutine(set, deadline);
    }
    end(set);
    return ready != 0 ? ready : error;
}

static int poll_until(struct pollfd *fds, nfds_t count, int64_t deadline, const void *pc)
{
    struct part parts[2 * SMALL];
    struct pollfd copy[SMALL + 1];
    struct set set = {.fds = fds, .fd_count = count, .parts = parts, .copy = copy};
    void *memory = NULL;
    /* The kernel looks at none before it knows; here they are looked at. */
    if (count > INT_MAX)
        return -EINVAL;
    if (fds == NULL && count > 0)
        return -EFAULT;
    if (count > SMALL) {
        event_internal_begin();
        memory = calloc(count + 1, 2 * sizeof *set.parts + sizeof *set.copy);
        event_internal_end();
        if (memory == NULL)
            return -ENOMEM;
        set.parts = memory;
        set.copy = (struct pollfd *)(void *)(set.parts + 2 * (count + 1));
    }
    event_read_at(fds, count * sizeof *fds, pc);
    int result = poll_set(&set, deadline);
    for (size_t i = 0; i < count; i++)
        event_write_at(&fds[i].revents, sizeof fds[i].revents, pc);
    event_internal_begin();
    free(memory);
    event_internal_end();
    return result;
}

int goc_poll(struct pollfd *fds, nfds_t count)
{
    return poll_until(fds, count, GOC_NEVER, EVENT_CALLER_PC());
}

int goc_poll_until(struct pollfd *fds, nfds_t count, goc_time deadline)
{
    return poll_until(fds, count, goc__bubble_real(deadline), EVENT_CALLER_PC());
}
