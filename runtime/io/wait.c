/* A wait's state decides who ends it: an edge, a close, or the deadline's timer.
 *
 *   PREPARING ──owner, off its stack──▶ PARKED
 *       │                                 │
 *       └──────────▶ WOKEN, LATE ◀────────┘   by the first who comes
 *
 * Who moves it from PARKED owes the owner its ready; from PREPARING nothing, because the
 * owner then finds out before it has parked.  A plain thread is PARKED from the start: its
 * wake-up is a descriptor that its poll looks at, too.
 */
#include "io/wait.h"

#include "base/panic.h"
#include "io/netpoll.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "sched/park.h"
#include "sched/poller.h"

#include <stddef.h>

enum wait_state { PREPARING, PARKED, WOKEN, LATE };

/* End WAIT as OUTCOME unless that has been done. */
static void settle(struct io_wait *wait, enum wait_state outcome)
{
    struct g *g = wait->g;
    int wake_fd = wait->wake_fd;
    uint32_t before = load_relaxed(&wait->state);
    do {
        if (before >= WOKEN)
            return;
    } while (!cas_acq_rel(&wait->state, &before, (uint32_t)outcome));
    /* From here on a wait that was PREPARING may be gone. */
    if (before != PARKED)
        return;
    if (g != NULL)
        goc__ready(g, 0);
    else
        goc__file_wake(wake_fd);
}

static void fire(struct timer *timer, int64_t now)
{
    (void)now;
    settle(LIST_OBJECT(timer, struct io_wait, timer), LATE);
}

void goc__wait_prepare(struct io_wait *wait, int64_t deadline)
{
    *wait = (struct io_wait){.g = goc__self(), .wake_fd = -1};
    goc__timer_init_real(&wait->timer, fire);
    if (deadline != TIMER_NEVER)
        goc__timer_start(&wait->timer, deadline);
}

void goc__wait_prepare_thread(struct io_wait *wait, int wake_fd)
{
    *wait = (struct io_wait){.wake_fd = wake_fd, .state = PARKED};
}

/* Will an edge of DESC end WAIT?  A thread polls by itself, and a number that this room did not
 * give out has been named to the poller just now.  Under DESC's lock. */
static bool is_watched(const struct io_desc *desc, const struct io_wait *wait)
{
    const uint32_t forgotten = DESC_ADOPTED;
    return wait->g == NULL ||
           (load_relaxed(&desc->flags) & (DESC_ADOPTED | DESC_WATCHED)) != forgotten;
}

bool goc__wait_join(struct io_wait *wait, struct io_waiter *waiter,
                    const struct io_op *op)
{
    struct io_desc *desc = op->desc;
    waiter->wait = wait;
    list_init(&waiter->link);
    goc__lock(&desc->lock);
    bool waits = load_relaxed(&desc->edges[op->direction]) == op->seen &&
                 !goc__desc_is_closing(desc) && is_watched(desc, wait);
    if (waits)
        list_push_back(&desc->waiters[op->direction], &waiter->link);
    goc__unlock(&desc->lock);
    return waits;
}

void goc__wait_leave(struct io_waiter *waiter, const struct io_op *op)
{
    goc__lock(&op->desc->lock);
    list_remove(&waiter->link);
    goc__unlock(&op->desc->lock);
}

/* Off the owner's stack.  Once the state is PARKED the wait may be gone. */
static bool is_parked(void *wait)
{
    uint32_t preparing = PREPARING;
    return cas_acq_rel(&((struct io_wait *)wait)->state, &preparing, (uint32_t)PARKED);
}

void goc__wait_sleep(struct io_wait *wait, bool for_events)
{
    if (for_events)
        goc__poller_count(1);
    goc__park(is_parked, wait, WAIT_IO, NULL);
    if (for_events)
        goc__poller_count(-1);
}

void goc__wait_end(struct io_wait *wait)
{
    settle(wait, WOKEN);
}

bool goc__wait_finish(struct io_wait *wait, int64_t deadline)
{
    if (deadline != TIMER_NEVER)
        goc__timer_stop(&wait->timer);
    return load_acquire(&wait->state) == LATE;
}

void goc__io_wake(struct io_desc *desc, bool reading, bool writing)
{
    const bool wakes[IO_DIRECTIONS] = {[IO_READ] = reading, [IO_WRITE] = writing};
    goc__lock(&desc->lock);
    for (int d = 0; d < IO_DIRECTIONS; d++) {
        if (!wakes[d])
            continue;
        uint32_t edges = desc->edges[d] + 1;
        store_release(&desc->edges[d], edges != 0 ? edges : 1); /* 0 is none */
        struct list *link;
        while ((link = list_pop_front(&desc->waiters[d])) != NULL)
            settle(LIST_OBJECT(link, struct io_waiter, link)->wait, WOKEN);
    }
    goc__unlock(&desc->lock);
}

int goc__io_begin(struct io_op *op)
{
    op->desc = goc__desc(op->fd);
    if (op->desc == NULL || !goc__desc_use(op->desc))
        return -EBADF;
    op->seen = load_acquire(&op->desc->edges[op->direction]);
    return 0;
}

long goc__io_end(struct io_op *op, long result)
{
    goc__desc_leave(op->desc, op->fd);
    return result;
}

/* A plain thread blocks in poll, which another thread's close ends.  Without FOR_EDGES only that
 * and the deadline do. */
static int wait_as_thread(const struct io_op *op, bool for_edges)
{
    int wake_fd = goc__file_wakeable();
    if (wake_fd < 0)
        return wake_fd;
    struct io_wait wait;
    goc__wait_prepare_thread(&wait, wake_fd);
    struct io_waiter waiter;
    struct pollfd fds[] = {
        {.fd = for_edges ? op->fd : -1,
         .events = op->direction == IO_READ ? POLLIN : POLLOUT},
        {.fd = wake_fd, .events = POLLIN},
    };
    int ready = 1;
    if (goc__wait_join(&wait, &waiter, op)) {
        ready = goc__file_poll(fds, 2, op->deadline);
        goc__wait_leave(&waiter, op);
    }
    goc__file_close(wake_fd);
    return ready == 0 ? -ETIMEDOUT : 0;
}

static int wait_as_goroutine(const struct io_op *op, bool for_edges)
{
    int result = for_edges ? goc__netpoll_watch(op->fd, op->desc) : 0;
    if (result < 0)
        return result;
    struct io_wait wait;
    struct io_waiter waiter;
    goc__wait_prepare(&wait, op->deadline);
    if (goc__wait_join(&wait, &waiter, op)) {
        goc__wait_sleep(&wait, for_edges);
        if (load_acquire(&wait.state) != WOKEN) /* else who woke it has taken it out */
            goc__wait_leave(&waiter, op);
    }
    return goc__wait_finish(&wait, op->deadline) ? -ETIMEDOUT : 0;
}

static int wait_once(const struct io_op *op, bool for_edges)
{
    if (goc__desc_is_closing(op->desc))
        return -EBADF;
    if (op->deadline != TIMER_NEVER && op->deadline <= goc__clock_now())
        return -ETIMEDOUT;
    int result = goc__is_thread(goc__self()) ? wait_as_thread(op, for_edges)
                                             : wait_as_goroutine(op, for_edges);
    return goc__desc_is_closing(op->desc) ? -EBADF : result;
}

int goc__io_pause(struct io_op *op, int64_t time)
{
    int64_t end = goc__clock_now() + time;
    struct io_op pause = *op;
    if (end < op->deadline)
        pause.deadline = end;
    int result = wait_once(&pause, false);
    op->seen = load_acquire(&op->desc->edges[op->direction]);
    return result == -ETIMEDOUT && end < op->deadline ? 0 : result;
}

int goc__io_wait(struct io_op *op)
{
    int result = wait_once(op, true);
    if (result == -EBADF)
        return result;
    op->seen = load_acquire(&op->desc->edges[op->direction]);
    return result;
}
