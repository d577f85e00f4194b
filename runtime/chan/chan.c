/* Channels: send, receive, close.
 *
 * Invariants, with the lock held
 *   Nobody waits on both sides, except one select that sends and receives on the same
 *   channel: it does not meet itself.
 *   Waiting senders: the buffer is full.  Waiting receivers: the buffer is empty.
 *   A closed channel has no waiters: close takes them all, and none joins after it.
 *   The k-th send and the k-th receive use slot k mod capacity, also where the element is
 *   handed over without passing through the slot.
 *
 * An element goes straight between the running party and a waiting one: the runner copies
 * to or from the waiter's own memory, under the lock, and wakes it when its operation is
 * complete.  The wake comes after the unlock, so a woken party may free the channel.
 *
 * Order, as the Go memory model (2022, "Channel communication") has it:
 *   buffered    each slot keeps what was left there, traded at every operation: receive k takes
 *               what send k left, send k+C what receive k left.  For a party that waits the other
 *               one trades, after it has traded itself.
 *   unbuffered  the party that finds another one waiting meets it: both at once.
 *   close       releases to the channel, and to each waiter that it wakes.
 * A send touches and close writes SENDS: where nothing orders them, that is a race.
 *
 * Callable from goroutines and threads.  After Go's runtime/chan.go.
 */
#include "chan/chan.h"

#include "chan/elem.h"
#include "events/events.h"
#include "sched/lock.h"
#include "sched/park.h"

/* What was left in slot INDEX.  NULL in a build without events, where nobody looks at it. */
static inline event_slot *slot_event(const goc_chan *c, size_t index)
{
    return c->slot_events
               ? (event_slot *)(void *)(c->slot_events + index * SLOT_EVENT_SIZE)
               : NULL;
}

static inline unsigned char *slot_at(goc_chan *c, size_t index)
{
    return c->slots + index * c->elem_size;
}

/* What the operation before that with slot INDEX left, of the same kind. */
static inline event_slot *slot_event_before(const goc_chan *c, size_t index)
{
    return slot_event(c, (index == 0 ? c->capacity : index) - 1);
}

static inline size_t slot_after(const goc_chan *c, size_t index)
{
    return index + 1 == c->capacity ? 0 : index + 1;
}

/* The order between the running party and waiter W, whose operation it completes.  On a
 * buffered channel both use SLOT, the runner first. */
static inline void meet_events(const goc_chan *c, const struct chan_waiter *w,
                               size_t slot)
{
    const void *own = goc__own_event(w->g);
    event_strand *waiter = goc__parked_strand(w->g);
    if (c->capacity == 0) {
        event_meet(waiter, own);
    } else {
        event_trade(slot_event(c, slot));
        event_trade_for(slot_event(c, slot), waiter, own);
    }
}

/* ELEM goes into the buffer, which has room for it. */
static inline void put_last(goc_chan *c, const void *elem)
{
    elem_copy(slot_at(c, c->send_index), elem, c->elem_size);
    c->send_index = slot_after(c, c->send_index);
    store_relaxed(&c->count, c->count + 1);
}

/* The buffer's oldest element goes to ELEM. */
static inline void take_first(goc_chan *c, void *elem)
{
    if (elem)
        elem_copy(elem, slot_at(c, c->recv_index), c->elem_size);
    c->recv_index = slot_after(c, c->recv_index);
    store_release(&c->count, c->count - 1); /* pairs with chan_recv_hint */
}

enum chan_outcome goc__chan_send_locked(goc_chan *c, const void *elem,
                                        struct chan_waiter **woken)
{
    if (c->closed)
        return CHAN_CLOSED;
    struct chan_waiter *receiver = waitq_take(&c->receivers);
    if (receiver) {
        goc__assert(c->count == 0);
        meet_events(c, receiver, c->send_index);
        if (receiver->elem)
            elem_copy(receiver->elem, elem, c->elem_size);
        /* It went through the slot in name only; both indexes pass it. */
        c->send_index = c->recv_index = slot_after(c, c->send_index);
        *woken = receiver;
        return CHAN_DONE;
    }
    if (c->count == c->capacity)
        return CHAN_BLOCKED;
    event_trade_next(slot_event(c, c->send_index), slot_event_before(c, c->send_index));
    put_last(c, elem);
    return CHAN_DONE;
}

/* Complete the operation of SENDER, which waits because the buffer, if any, is full. */
static void recv_from_waiter(goc_chan *c, struct chan_waiter *sender, void *elem)
{
    goc__assert(c->count == c->capacity);
    meet_events(c, sender, c->recv_index);
    if (c->capacity == 0) {
        if (elem)
            elem_copy(elem, sender->elem, c->elem_size);
        return;
    }
    /* The oldest element leaves its slot, and the waiting one takes the same slot: in a
     * full buffer the head is also the place behind the tail. */
    unsigned char *slot = slot_at(c, c->recv_index);
    if (elem)
        elem_copy(elem, slot, c->elem_size);
    elem_copy(slot, sender->elem, c->elem_size);
    c->recv_index = c->send_index = slot_after(c, c->recv_index);
}

enum chan_outcome goc__chan_recv_locked(goc_chan *c, void *elem,
                                        struct chan_waiter **woken)
{
    struct chan_waiter *sender = waitq_take(&c->senders);
    if (sender) {
        recv_from_waiter(c, sender, elem);
        *woken = sender;
        return CHAN_DONE;
    }
    if (c->count == 0)
        return c->closed ? CHAN_CLOSED : CHAN_BLOCKED;
    event_trade_next(slot_event(c, c->recv_index), slot_event_before(c, c->recv_index));
    take_first(c, elem);
    return CHAN_DONE;
}

/* Take C's lock for a send of ELEM, whose use was begun.  True: it is complete, and the lock let go
 * of again; only where HELD says that it may be one of many in a row. */
INLINED bool lock_or_send(goc_chan *c, const void *elem, bool held)
{
    goc__lock(&c->lock);
    if (held && c->receivers.first == NULL && c->count != c->capacity && !c->closed &&
        event_trade_again(slot_event(c, c->send_index),
                          slot_event_before(c, c->send_index))) {
        put_last(c, elem);
        goc__unlock(&c->lock);
        return true;
    }
    chan_use_locked(c);
    return false;
}

/* The same for a receive. */
INLINED bool lock_or_receive(goc_chan *c, void *elem, bool held)
{
    goc__lock(&c->lock);
    if (held && c->senders.first == NULL && c->count != 0 &&
        event_trade_again(slot_event(c, c->recv_index),
                          slot_event_before(c, c->recv_index))) {
        take_first(c, elem);
        goc__unlock(&c->lock);
        return true;
    }
    chan_use_locked(c);
    return false;
}

static bool unlock_channel(void *lock)
{
    goc__unlock(lock);
    return true;
}

/* Wait in Q, which belongs to C, whose lock is held and let go of.
 * Returns whether an element went over; if not, C was closed.  C may be gone either way.
 */
static inline bool wait_in(goc_chan *c, struct waitq *q, void *elem,
                           enum wait_reason reason)
{
    struct g *self = goc__self();
    struct chan_waiter waiter = {.g = self, .elem = elem};
    event_wait(goc__parked_strand(self), goc__own_event(self));
    waitq_push(q, &waiter);
    uintptr_t word =
        goc__park(unlock_channel, &c->lock, goc__bubble_reason(reason, c->bubbled), c);
    event_waited(goc__parked_strand(self), goc__own_event(self));
    return word_completed(word);
}

__attribute__((__noreturn__)) static void wait_for_ever(enum wait_reason reason)
{
    goc__park(NULL, NULL, goc__bubble_reason(reason, true), NULL);
    goc__throw("runtime: a wait on a nil channel has ended");
}

/* Send and receive have no frame of their own between the program's and the park's: a CPU predicts
 * returns by the calls before them, and so those of a goroutine that was switched to wrongly. */
INLINED void send(goc_chan *c, const void *elem, enum elem_reach reach, const void *pc)
{
    if (c == NULL)
        wait_for_ever(WAIT_CHAN_SEND_NIL);
    chan_check_bubble(c, CHAN_SEND);
    bool held = chan_send_event_early(c, elem, reach, pc, true);
    if (lock_or_send(c, elem, held))
        return;
    struct chan_waiter *woken = NULL;
    switch (goc__chan_send_locked(c, elem, &woken)) {
    case CHAN_DONE:
        chan_unlock_and_wake(c, woken);
        return;
    case CHAN_BLOCKED:
        if (wait_in(c, &c->senders, (void *)(uintptr_t)elem, WAIT_CHAN_SEND))
            return;
        break;
    case CHAN_CLOSED:
        goc__unlock(&c->lock);
        break;
    }
    goc__panic("send on closed channel");
}

/* C's lock is held, and let go of. */
INLINED bool receive_locked(goc_chan *c, void *elem)
{
    struct chan_waiter *woken = NULL;
    switch (goc__chan_recv_locked(c, elem, &woken)) {
    case CHAN_DONE:
        chan_unlock_and_wake(c, woken);
        return true;
    case CHAN_BLOCKED:
        return wait_in(c, &c->receivers, elem, WAIT_CHAN_RECV);
    case CHAN_CLOSED:
        event_acquire(&c->closed);
        goc__unlock(&c->lock);
        break;
    }
    return false;
}

INLINED bool receive(goc_chan *c, void *elem, enum elem_reach reach, const void *pc)
{
    if (c == NULL)
        wait_for_ever(WAIT_CHAN_RECV_NIL);
    chan_check_bubble(c, CHAN_RECEIVE);
    bool held = chan_use_event_early(c, pc, true);
    /* Once the receive is complete the channel belongs to the program, which may free it.
     */
    size_t elem_size = c->elem_size;
    struct after *after = c->after;
    bool received = lock_or_receive(c, elem, held) || receive_locked(c, elem);
    chan_recv_finish(elem, elem_size, received, reach, pc);
    if (received && after)
        goc__after_received(after, pc);
    return received;
}

void goc__chan_send(goc_chan *c, const void *elem, enum elem_reach reach, const void *pc)
{
    send(c, elem, reach, pc);
}

bool goc__chan_recv(goc_chan *c, void *elem, enum elem_reach reach, const void *pc)
{
    return receive(c, elem, reach, pc);
}

void goc_chan_send(goc_chan *c, const void *elem)
{
    send(c, elem, ELEM_SHARED, EVENT_CALLER_PC());
}

void goc_chan_send_private(goc_chan *c, const void *elem)
{
    goc__chan_send(c, elem, ELEM_PRIVATE, EVENT_CALLER_PC());
}

bool goc_chan_recv(goc_chan *c, void *elem)
{
    return receive(c, elem, ELEM_SHARED, EVENT_CALLER_PC());
}

bool goc_chan_recv_private(goc_chan *c, void *elem)
{
    return goc__chan_recv(c, elem, ELEM_PRIVATE, EVENT_CALLER_PC());
}

/* Move all of Q's waiters to the list that *TAIL ends; each learns what the closer did.
 */
static struct chan_waiter **take_all(struct waitq *q, struct chan_waiter **tail)
{
    struct chan_waiter *w;
    while ((w = waitq_take(q)) != NULL) {
        event_hand(goc__parked_strand(w->g), goc__own_event(w->g));
        *tail = w;
        tail = &w->next;
    }
    *tail = NULL;
    return tail;
}

void goc_chan_close(goc_chan *c)
{
    const void *pc = EVENT_CALLER_PC();
    if (c == NULL)
        goc__panic("close of nil channel");
    chan_check_bubble(c, "close of synctest channel");
    event_write_at(c->sends, EVENT_TOUCH_SIZE, pc);
    goc__lock(&c->lock);
    if (c->closed) {
        goc__unlock(&c->lock);
        goc__panic("close of closed channel");
    }
    event_release(&c->closed);
    store_relaxed(&c->closed, (uint16_t)1);
    struct chan_waiter *woken = NULL;
    take_all(&c->senders, take_all(&c->receivers, &woken));
    goc__unlock(&c->lock);
    while (woken) {
        struct chan_waiter *next = woken->next; /* a woken waiter is gone at once */
        goc__ready(woken->g, waiter_word(woken, false));
        woken = next;
    }
}

size_t goc_chan_len(const goc_chan *c)
{
    const void *pc = EVENT_CALLER_PC();
    if (c == NULL)
        return 0;
    chan_use_event(c, pc);
    return c->timed ? 0 : load_relaxed(&c->count);
}

size_t goc_chan_cap(const goc_chan *c)
{
    const void *pc = EVENT_CALLER_PC();
    if (c == NULL)
        return 0;
    chan_use_event(c, pc);
    return c->timed ? 0 : c->capacity;
}
