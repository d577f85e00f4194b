/* One epoll, edge-triggered, for the life of the process.
 *
 * A descriptor that this room gave out is added at a wait and stays until it is closed, or
 * forgotten while nobody waits for it: who joins the waiters looks, under the lock, whether it is
 * still there (wait.c).  Any other one is named to epoll at every wait: nobody tells this room when
 * its number has become another file's.
 */
#include "io/netpoll.h"

#include "base/panic.h"
#include "io/ring.h"
#include "io/wait.h"
#include "os/epoll.h"
#include "os/error.h"
#include "sched/poller.h"

enum { EVENTS_MAX = 128 };

static int epoll = -1; // atomic, release: -1 before the first wait
static struct lock start_lock;
static struct epoll_event events[EVENTS_MAX]; /* who asks the poller (sched/poller.c) */
static int event_count;                       /* the same */

static bool wait_for_events(int64_t time)
{
    event_count = goc__epoll_wait(load_relaxed(&epoll), events, EVENTS_MAX, time);
    return event_count > 0;
}

static void deliver(void)
{
    const uint32_t reading =
        EPOLLIN | EPOLLPRI | EPOLLRDHUP | (uint32_t)EPOLLHUP | EPOLLERR;
    const uint32_t writing = EPOLLOUT | (uint32_t)EPOLLHUP | EPOLLERR;
    for (int i = 0; i < event_count; i++) {
        uint32_t mask = events[i].events;
        if (goc__ring_deliver(events[i].data.fd))
            continue;
        struct io_desc *desc = goc__desc(events[i].data.fd);
        if (mask & (EPOLLPRI | EPOLLRDHUP | (uint32_t)EPOLLHUP | EPOLLERR))
            goc__desc_note(desc, DESC_ENDING);
        goc__io_wake(desc, mask & reading, mask & writing);
    }
}

static int descriptor(void)
{
    return load_acquire(&epoll);
}

static int start(void)
{
    static const struct poller netpoller = {wait_for_events, deliver, descriptor,
                                            goc__ring_flush};
    goc__lock(&start_lock);
    if (epoll < 0) {
        int fd = goc__epoll_open();
        if (fd < 0)
            goc__fatalf(
                "runtime: netpoll failed to start: epoll_create1 (errno %d: %s)%s", -fd,
                goc__error_text(-fd),
                fd == -EMFILE ? "; may need to increase open files (ulimit -n)" : "");
        goc__poller_set(&netpoller);
        store_release(&epoll, fd);
    }
    goc__unlock(&start_lock);
    return epoll;
}

/* The epoll that there is now. */
static int started(void)
{
    int poller = load_acquire(&epoll);
    return poller >= 0 ? poller : start();
}

int goc__netpoll_watch(int fd, struct io_desc *desc)
{
    const uint32_t believed = DESC_ADOPTED | DESC_WATCHED;
    if ((load_relaxed(&desc->flags) & believed) == believed)
        return 0;
    int poller = started();
    goc__lock(&desc->lock);
    int result = goc__epoll_watch(poller, fd);
    if (result == 0)
        goc__desc_add_flags(desc, DESC_WATCHED);
    goc__unlock(&desc->lock);
    return result;
}

void goc__netpoll_forget(int fd, struct io_desc *desc)
{
    if (!(load_relaxed(&desc->flags) & DESC_WATCHED))
        return;
    int poller = started();
    goc__lock(&desc->lock);
    if (load_relaxed(&desc->flags) & DESC_WATCHED &&
        list_empty(&desc->waiters[IO_READ]) && list_empty(&desc->waiters[IO_WRITE])) {
        goc__epoll_forget(poller, fd);
        store_relaxed(&desc->flags, desc->flags & ~(uint32_t)DESC_WATCHED);
    }
    goc__unlock(&desc->lock);
}

int goc__netpoll_nest(int fd, int data)
{
    return goc__epoll_nest(started(), fd, data);
}
