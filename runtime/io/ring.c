/* Invariants
 *   A call lies on its goroutine's stack, and goes from there only by its answer: the kernel may
 *   write to the buffer until then.  So a close does not end a call itself; it asks the kernel to.
 *   A ring lives for ever, and is the same P's for ever.
 *   Who queues a call at a P's ring keeps that P until it has parked: so the P looks around after
 *   it.
 *   Under a descriptor's lock a ring's queue may be locked, never the other way round.
 *
 * A call's state decides who makes its goroutine go on, as in wait.c: PREPARING until it is off its
 * stack, then PARKED; whoever answers a call that is PARKED owes a ready.
 */
#include "io/ring.h"

#include "base/knobs.h"
#include "base/print.h"
#include "events/events.h"
#include "io/netpoll.h"
#include "os/error.h"
#include "os/pages.h"
#include "os/uring.h"
#include "sched/claim.h"
#include "sched/park.h"
#include "sched/poller.h"

#include <goc/sync_inline.h>
#include <stddef.h>

enum {
    SIZE_MOST = 1 << 30, /* of one call; the rest is for the next one */
    SUBMIT_AT = 64,      /* queued calls that do not wait for the next look */
};

struct ring {
    struct lock queue;   /* guards queueing and submitting */
    struct lock answers; /* guards taking answers */
    struct uring uring;
};

enum call_state { PREPARING, PARKED, ANSWERED };

struct call {
    struct g *g;       /* const */
    struct ring *ring; /* const */
    struct list link;  /* the descriptor's lock */
    uint32_t state;    // atomic: enum call_state
    int32_t result;    /* who answers, until ANSWERED */
};

static struct ring *rings[PROCS_MAX]; // atomic, release: NULL before a P's first call
static struct lock open_lock;
static uint32_t refused; // atomic, relaxed: the kernel gives no ring

/* P's ring is the poller's from now on, under a number that no descriptor has.  Under the lock,
 * which keeps the refusal from being told twice. */
static struct ring *open_ring(uint32_t p)
{
    struct ring *ring = goc__pages_permanent(sizeof *ring);
    if (ring == NULL)
        return NULL;
    int result = goc__uring_open(&ring->uring);
    if (result == 0)
        result = goc__netpoll_nest(ring->uring.fd, -1 - (int)p);
    if (result != 0) {
        goc__print("goc: GOC_DEBUG=iouring=1: this system gives no io_uring (errno %d); "
                   "sockets wait in epoll\n",
                   -result);
        store_relaxed(&refused, 1u);
        return NULL;
    }
    store_release(&rings[p], ring);
    return ring;
}

/* The ring of P, the caller's; NULL: it gets none. */
static struct ring *ring_of(uint32_t p)
{
    struct ring *ring = load_relaxed(&rings[p]); /* nobody opens it but who has the P */
    if (LIKELY(ring != NULL))
        return ring;
    goc__lock(&open_lock);
    if (!load_relaxed(&refused))
        ring = open_ring(p);
    goc__unlock(&open_lock);
    return ring;
}

bool goc__ring_takes(const struct io_op *op)
{
    const uint32_t needed = DESC_ADOPTED | DESC_TCP;
    return goc__knobs.iouring != 0 && !goc__events &&
           (load_relaxed(&op->desc->flags) & needed) == needed &&
           op->deadline == TIMER_NEVER && !load_relaxed(&refused) &&
           !goc__is_thread(goc__self());
}

static void answer(struct call *call, int32_t result)
{
    struct g *g = call->g;
    call->result = result;
    /* From here on a call that was PREPARING may be gone. */
    if (exchange_acq_rel(&call->state, (uint32_t)ANSWERED) == PARKED)
        goc__ready(g, 0);
}

static void take_answers(struct ring *ring)
{
    uint64_t tag;
    int32_t result;
    goc__lock(&ring->answers);
    while (goc__uring_next(&ring->uring, &tag, &result))
        if (tag != 0) /* else what ended another one */
            answer((struct call *)(uintptr_t)tag,
                   result); // NOLINT(performance-no-int-to-ptr)
    goc__unlock(&ring->answers);
}

void goc__ring_flush(uint32_t p)
{
    struct ring *ring = load_acquire(&rings[p]);
    if (ring == NULL)
        return;
    if (load_relaxed(&ring->uring.queued) > 0) {
        goc__lock(&ring->queue);
        goc__uring_submit(&ring->uring);
        goc__unlock(&ring->queue);
    }
    take_answers(ring);
}

bool goc__ring_deliver(int data)
{
    if (data >= 0)
        return false;
    take_answers(load_acquire(&rings[-1 - data]));
    return true;
}

/* Queue a call; the queue is locked. */
static bool queue_call(struct call *call, const struct io_op *op, const void *buffer,
                       size_t size)
{
    struct uring *uring = &call->ring->uring;
    if (size > SIZE_MOST)
        size = SIZE_MOST;
    uint64_t tag = (uintptr_t)call;
    return op->direction == IO_READ
               ? goc__uring_recv(uring, op->fd, (void *)(uintptr_t)buffer, size, tag)
               : goc__uring_send(uring, op->fd, buffer, size, tag);
}

/* The call is its descriptor's, so that a close finds it.  False: the descriptor is being closed,
 * or the queue has no room. */
static bool begin(struct call *call, const struct io_op *op, const void *buffer,
                  size_t size)
{
    struct ring *ring = call->ring;
    goc__lock(&op->desc->lock);
    bool queued = false;
    if (!goc__desc_is_closing(op->desc)) {
        goc__lock(&ring->queue);
        queued = queue_call(call, op, buffer, size);
        if (!queued || load_relaxed(&ring->uring.queued) >= SUBMIT_AT)
            goc__uring_submit(&ring->uring);
        goc__unlock(&ring->queue);
    }
    if (queued)
        list_push_back(&op->desc->calls, &call->link);
    goc__unlock(&op->desc->lock);
    return queued;
}

/* Off the owner's stack.  Once the state is PARKED the call may be gone. */
static bool is_parked(void *call)
{
    uint32_t preparing = PREPARING;
    goc__leave(goc__m());
    return cas_acq_rel(&((struct call *)call)->state, &preparing, (uint32_t)PARKED);
}

static long transfer(struct io_op *op, const void *buffer, size_t size)
{
    struct call call = {.g = goc__self()};
    /* The P is kept until the caller has parked, and looks around when it has nothing else to run.
     * One that others took before, while the caller was out of the runtime, might be idle with
     * the call in its queue. */
    struct m *m = goc__enter();
    struct ring *ring = m->p != NULL ? ring_of(m->p->id) : NULL;
    call.ring = ring;
    goc__poller_count(1);
    bool begun = ring != NULL && begin(&call, op, buffer, size);
    if (begun)
        goc__park(is_parked, &call, WAIT_IO, NULL);
    else
        goc__leave(m);
    goc__poller_count(-1);
    if (!begun)
        return goc__desc_is_closing(op->desc) ? -EBADF : -EAGAIN;
    goc__lock(&op->desc->lock);
    list_remove(&call.link);
    goc__unlock(&op->desc->lock);
    if (goc__desc_is_closing(op->desc) && call.result <= 0)
        return -EBADF;
    /* Its thread has ended, or the kernel was disturbed: the descriptor is as it was. */
    bool undone = call.result == -ECANCELED || call.result == -EINTR;
    return undone ? -EAGAIN : call.result;
}

long goc__ring_recv(struct io_op *op, void *buffer, size_t size)
{
    return transfer(op, buffer, size);
}

long goc__ring_send(struct io_op *op, const void *buffer, size_t size)
{
    return transfer(op, buffer, size);
}

void goc__ring_close(struct io_desc *desc)
{
    goc__lock(&desc->lock);
    for (struct list *link = desc->calls.next; link != &desc->calls; link = link->next) {
        struct call *call = LIST_OBJECT(link, struct call, link);
        goc__lock(&call->ring->queue);
        while (!goc__uring_cancel(&call->ring->uring, (uintptr_t)call))
            goc__uring_submit(&call->ring->uring);
        goc__uring_submit(&call->ring->uring);
        goc__unlock(&call->ring->queue);
    }
    goc__unlock(&desc->lock);
}
