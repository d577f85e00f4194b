/* Descriptors that are ready: poll, select, epoll.
 *
 * Whoever is told that there is something to read comes after who wrote it, for a descriptor may
 * be waited for and never read: the eventfd that tells a whole crew to stop.  One that hangs up has
 * ended.  What was done before an event was asked for is before what its receiver does, too: the
 * pointer in its data goes from one to the other.
 *
 * An event of epoll's names no descriptor; the data that it was asked for with stand for it.
 */
#include "base/lock.h"
#include "entry/access.h"
#include "intercept/boot.h"
#include "intercept/files.h"
#include "intercept/masks.h"
#include "intercept/next.h"
#include "state/strand.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>

int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *set, size_t size);

RACE_NEXT(poll)
RACE_NEXT(__poll_chk)
RACE_NEXT(ppoll)
RACE_NEXT(__ppoll_chk)
RACE_NEXT(select)
RACE_NEXT(pselect)
RACE_NEXT(epoll_ctl)
RACE_NEXT(epoll_wait)
RACE_NEXT(epoll_pwait)
RACE_NEXT(epoll_pwait2)

#define READABLE (POLLIN | POLLRDNORM | POLLPRI | POLLRDBAND)
#define OVER (POLLHUP | POLLRDHUP | POLLERR)

/* epoll's events are poll's by the same numbers. */
static void ready(int fd, unsigned events)
{
    if ((events & READABLE) != 0 && !race__file_has_signals(fd))
        race__file_read(fd);
    if ((events & OVER) != 0) {
        race__file_ended(fd);
        race__file_broken(fd);
    }
}

static void polls(const struct pollfd *fds, nfds_t count, const void *pc)
{
    race__read(fds, count * sizeof *fds, pc);
    for (nfds_t i = 0; i < count; i++)
        if (fds[i].fd >= 0)
            race__file_use(fds[i].fd, pc);
}

static int polled(int result, const struct pollfd *fds, nfds_t count, const void *pc)
{
    for (nfds_t i = 0; result >= 0 && i < count; i++) {
        race__write(&fds[i].revents, sizeof fds[i].revents, pc);
        if (fds[i].fd >= 0)
            ready(fds[i].fd, (unsigned short)fds[i].revents);
    }
    return result;
}

RACE_INTERCEPT int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    polls(fds, count, RACE_CALLER_PC());
    return polled(next_poll()(fds, count, timeout), fds, count, RACE_CALLER_PC());
}

/* With _FORTIFY_SOURCE. */
RACE_INTERCEPT int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size)
{
    polls(fds, count, RACE_CALLER_PC());
    return polled(next___poll_chk()(fds, count, timeout, size), fds, count,
                  RACE_CALLER_PC());
}

RACE_INTERCEPT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                         const sigset_t *set)
{
    polls(fds, count, RACE_CALLER_PC());
    uint64_t unblocked = race__mask_swap(set);
    int result = next_ppoll()(fds, count, timeout, set);
    race__mask_swapped(unblocked);
    return polled(result, fds, count, RACE_CALLER_PC());
}

RACE_INTERCEPT int __ppoll_chk(struct pollfd *fds, nfds_t count,
                               const struct timespec *timeout, const sigset_t *set,
                               size_t size)
{
    polls(fds, count, RACE_CALLER_PC());
    uint64_t unblocked = race__mask_swap(set);
    int result = next___ppoll_chk()(fds, count, timeout, set, size);
    race__mask_swapped(unblocked);
    return polled(result, fds, count, RACE_CALLER_PC());
}

/* The words of a set that are asked about. */
static size_t set_size(int count)
{
    return ((size_t)count + NFDBITS - 1) / NFDBITS * sizeof(fd_mask);
}

static bool has(const fd_set *set, int fd)
{
    return (__FDS_BITS(set)[fd / NFDBITS] >> (fd % NFDBITS) & 1) != 0;
}

static void selects(int count, const fd_set *set, const void *pc)
{
    if (set == NULL || count <= 0)
        return;
    race__write(set, set_size(count), pc);
    for (int fd = 0; fd < count; fd++)
        if (has(set, fd))
            race__file_use(fd, pc);
}

static int selected(int result, int count, const fd_set *readable)
{
    for (int fd = 0; result > 0 && readable != NULL && fd < count; fd++)
        if (has(readable, fd))
            ready(fd, READABLE | OVER);
    return result;
}

RACE_INTERCEPT int select(int count, fd_set *restrict reading, fd_set *restrict writing,
                          fd_set *restrict except, struct timeval *restrict timeout)
{
    selects(count, reading, RACE_CALLER_PC());
    selects(count, writing, RACE_CALLER_PC());
    selects(count, except, RACE_CALLER_PC());
    return selected(next_select()(count, reading, writing, except, timeout), count,
                    reading);
}

RACE_INTERCEPT int pselect(int count, fd_set *restrict reading, fd_set *restrict writing,
                           fd_set *restrict except,
                           const struct timespec *restrict timeout,
                           const sigset_t *restrict set)
{
    selects(count, reading, RACE_CALLER_PC());
    selects(count, writing, RACE_CALLER_PC());
    selects(count, except, RACE_CALLER_PC());
    uint64_t unblocked = race__mask_swap(set);
    int result = next_pselect()(count, reading, writing, except, timeout, set);
    race__mask_swapped(unblocked);
    return selected(result, count, reading);
}

/* Who watches what, by descriptor; of several pollers of one, the last.  A watch that ends
 * unseen, with its descriptor, stays until the next of that number, and orders too much
 * rather than too little. */
#define WATCHES_MAX 65536u
#define WATCH_CHAINS 4096u

struct watch {
    uint64_t data;
    uint32_t poller; // its descriptor + 1; 0: not watched
    uint32_t next;   // in its chain: a descriptor + 1, or 0
};

static struct race__lock watches_lock;
static struct watch watches[WATCHES_MAX]; // guard: watches_lock
static uint32_t chains[WATCH_CHAINS];     // guard: watches_lock; a descriptor + 1, or 0

static uint32_t *chain_of(uint32_t poller, uint64_t data)
{
    uint64_t hash = (data ^ poller) * UINT64_C(0x9e3779b97f4a7c15);
    return &chains[hash >> 40 & (WATCH_CHAINS - 1)];
}

static bool is_watchable(int poller, int fd)
{
    return poller >= 0 && fd >= 0 && (unsigned)fd < WATCHES_MAX;
}

/* Guard: watches_lock. */
static void unwatch(uint32_t name)
{
    struct watch *watch = &watches[name - 1];
    if (watch->poller == 0)
        return;
    uint32_t *link = chain_of(watch->poller, watch->data);
    while (*link != name)
        link = &watches[*link - 1].next;
    *link = watch->next;
    watch->poller = 0;
}

static void start_watch(int poller, int fd, uint64_t data)
{
    uint32_t name = (uint32_t)fd + 1;
    if (!race__enter())
        return;
    race__lock(&watches_lock);
    unwatch(name);
    uint32_t *chain = chain_of((uint32_t)poller + 1, data);
    watches[fd] = (struct watch){data, (uint32_t)poller + 1, *chain};
    *chain = name;
    race__unlock(&watches_lock);
    race__leave();
}

/* The next descriptor after FD, or the first where it is -1, that POLLER watches with DATA;
 * or -1. */
static int next_watched(int fd, uint32_t poller, uint64_t data)
{
    if (!race__enter())
        return -1;
    race__lock(&watches_lock);
    uint32_t name = fd < 0 ? *chain_of(poller, data) : watches[fd].next;
    while (name != 0 &&
           (watches[name - 1].poller != poller || watches[name - 1].data != data))
        name = watches[name - 1].next;
    race__unlock(&watches_lock);
    race__leave();
    return (int)name - 1;
}

void race__fork_begin_watches(void)
{
    race__lock(&watches_lock);
}

void race__fork_end_watches(void)
{
    race__unlock(&watches_lock);
}

RACE_INTERCEPT int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    race__file_use(epoll, RACE_CALLER_PC());
    race__file_use(fd, RACE_CALLER_PC());
    if (event != NULL)
        race__read(event, sizeof *event, RACE_CALLER_PC());
    race__file_write(epoll);
    if (event != NULL && operation != EPOLL_CTL_DEL && is_watchable(epoll, fd))
        start_watch(epoll, fd, event->data.u64);
    return next_epoll_ctl()(epoll, operation, fd, event);
}

/* One that loops in its chain, because another thread changes it, is left after so many steps. */
#define SAME_DATA_MAX 64

static void event_received(int epoll, const struct epoll_event *event)
{
    uint32_t poller = (uint32_t)epoll + 1;
    int fd = -1;
    for (int i = 0; i < SAME_DATA_MAX; i++) {
        fd = next_watched(fd, poller, event->data.u64);
        if (fd < 0)
            return;
        ready(fd, event->events);
    }
}

static int events_received(int epoll, struct epoll_event *events, int count,
                           const void *pc)
{
    if (count > 0) {
        race__file_read(epoll);
        race__write(events, (size_t)count * sizeof *events, pc);
        for (int i = 0; i < count; i++)
            event_received(epoll, &events[i]);
    }
    return count;
}

RACE_INTERCEPT int epoll_wait(int epoll, struct epoll_event *events, int limit,
                              int timeout)
{
    race__file_use(epoll, RACE_CALLER_PC());
    return events_received(epoll, events,
                           next_epoll_wait()(epoll, events, limit, timeout),
                           RACE_CALLER_PC());
}

RACE_INTERCEPT int epoll_pwait(int epoll, struct epoll_event *events, int limit,
                               int timeout, const sigset_t *signals)
{
    race__file_use(epoll, RACE_CALLER_PC());
    uint64_t unblocked = race__mask_swap(signals);
    int count = next_epoll_pwait()(epoll, events, limit, timeout, signals);
    race__mask_swapped(unblocked);
    return events_received(epoll, events, count, RACE_CALLER_PC());
}

RACE_INTERCEPT int epoll_pwait2(int epoll, struct epoll_event *events, int limit,
                                const struct timespec *timeout, const sigset_t *signals)
{
    race__file_use(epoll, RACE_CALLER_PC());
    uint64_t unblocked = race__mask_swap(signals);
    int count = next_epoll_pwait2()(epoll, events, limit, timeout, signals);
    race__mask_swapped(unblocked);
    return events_received(epoll, events, count, RACE_CALLER_PC());
}
