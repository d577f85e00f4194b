/* A channel's inside, for chan.c, select.c and after.c.
 *
 * One lock guards a channel.  The operations on it are written once, for a channel whose
 * lock is held: send_locked, recv_locked.  They never wait: they say whether they are
 * done, and whom the caller has to wake once it has let go of the lock.
 */
#ifndef GOC_CHAN_CHAN_H
#define GOC_CHAN_CHAN_H

#include "chan/elem.h"
#include "chan/waitq.h"
#include "events/events.h"
#include "sched/bubble.h"
#include "sched/lock.h"

#include <goc/chan.h>

#define INLINED __attribute__((__always_inline__)) static inline

struct after;

struct goc_chan {
    struct lock lock;
    uint16_t closed;   /* atomic: set once under lock, hints read it */
    bool bubbled;      /* const: BUBBLE is not 0 */
    size_t count;      // elements buffered; atomic: release under lock, hints acquire it
    size_t capacity;   /* const */
    size_t elem_size;  /* const, bytes */
    size_t send_index; /* slot of the next send; lock */
    size_t recv_index; /* slot of the next receive; lock */
    struct waitq receivers; /* lock */
    struct waitq senders;   /* lock */
    struct after *after; /* const: the timer that owns it, NULL for a program's channel */
    uint32_t bubble;     /* const: the one whose member made it; 0: none */
    bool timed; /* const once the program has it: a timer's, which looks unbuffered */
    char *slot_events; /* const: with events, an event_slot for each; else NULL; lock */
    /* For events: that it is used to send, which a close conflicts with; and otherwise. */
    unsigned char sends[EVENT_TOUCH_SIZE] __attribute__((__aligned__(8)));
    unsigned char uses[EVENT_TOUCH_SIZE];
    unsigned char slots[]; /* capacity * elem_size bytes; lock */
};

#ifdef GOC_RACE
#define SLOT_EVENT_SIZE sizeof(event_slot)
#else
#define SLOT_EVENT_SIZE ((size_t)0)
#endif

/* A timer's channel C: what the caller did so far is before the next receive. */
static inline void chan_arm_event(goc_chan *c)
{
    if (SLOT_EVENT_SIZE == 0)
        return;
    goc__lock(&c->lock);
    event_slot_release((event_slot *)(void *)c->slot_events);
    goc__unlock(&c->lock);
}

/* What an operation came to under the lock. */
enum chan_outcome {
    CHAN_BLOCKED, /* nothing was done: it would have to wait */
    CHAN_DONE,    /* the element went over */
    CHAN_CLOSED,  /* nothing was done: the channel is closed (for a receive: and empty) */
};

/* Send the element at ELEM, or receive into ELEM (NULL drops), now or not at all.
 * WOKEN   set to the waiter whose operation this completed, else left alone.  Once the lock
 *         is released the caller owes it goc__ready(w->g, waiter_word(w, true)).
 * Under the channel's lock.  Tells the events of both parties' exchange, but no accesses to
 * elements: those each strand tells for itself. */
enum chan_outcome goc__chan_send_locked(goc_chan *c, const void *elem,
                                        struct chan_waiter **woken);
enum chan_outcome goc__chan_recv_locked(goc_chan *c, void *elem,
                                        struct chan_waiter **woken);

/* Who can reach an element's memory.  Of what is the caller's alone, as goc_chan_send_private
 * has it, no events are told. */
enum elem_reach { ELEM_SHARED, ELEM_PRIVATE };

/* What a receive into ELEM at PC owes once it is complete: an element that was not
 * received is zeroed, and the program sees its memory written.  Does not touch the
 * channel, which may be gone. */
static inline void chan_recv_finish(void *elem, size_t elem_size, bool received,
                                    enum elem_reach reach, const void *pc)
{
    if (elem == NULL || elem_size == 0)
        return;
    if (!received)
        elem_zero(elem, elem_size);
    if (reach == ELEM_SHARED)
        event_write_at(elem, elem_size, pc);
}

/* goc_chan_send, goc_chan_recv for the user's call at PC. */
void goc__chan_send(goc_chan *c, const void *elem, enum elem_reach reach, const void *pc);
bool goc__chan_recv(goc_chan *c, void *elem, enum elem_reach reach, const void *pc);

/* Let go of C's lock, then wake the waiter whose operation was completed, if any. */
static inline void chan_unlock_and_wake(goc_chan *c, struct chan_waiter *woken)
{
    goc__unlock(&c->lock);
    if (woken)
        goc__ready(woken->g, waiter_word(woken, true));
}

/* What an operation at PC touches of the program's memory before it is tried.  A send
 * reads the channel, as close writes it, and the element; whatever else uses the channel
 * conflicts only with its being freed. */
static inline void chan_send_event(const goc_chan *c, const void *elem,
                                   enum elem_reach reach, const void *pc)
{
    event_touch(c->sends, pc);
    if (reach == ELEM_SHARED && c->elem_size > 0)
        event_read_at(elem, c->elem_size, pc);
}

/* The same before chan_lock_used.  ROW and the answer are event_touch_begin's. */
static inline bool chan_send_event_early(const goc_chan *c, const void *elem,
                                         enum elem_reach reach, const void *pc, bool row)
{
    if (reach == ELEM_SHARED && c->elem_size > 0)
        event_read_at(elem, c->elem_size, pc);
    return event_touch_begin(c->sends, pc, row);
}

static inline bool chan_use_event_early(const goc_chan *c, const void *pc, bool row)
{
    return event_touch_begin(c->uses, pc, row);
}

/* C's lock has been taken after one of the two above. */
static inline void chan_use_locked(goc_chan *c)
{
    if (__builtin_expect(event_touch_end(), false)) {
        goc__unlock(&c->lock); /* nobody waits for what may be a report */
        event_touch_late();
        goc__lock(&c->lock);
    }
}

static inline void chan_lock_used(goc_chan *c)
{
    goc__lock(&c->lock);
    chan_use_locked(c);
}

static inline void chan_use_event(const goc_chan *c, const void *pc)
{
    event_touch(c->uses, pc); /* written by nobody: only a free conflicts */
}

/* C is about to be used as WHAT says: panics where that is not for the caller. */
static inline void chan_check_bubble(const goc_chan *c, const char *what)
{
    if (__builtin_expect(c->bubbled, false))
        goc__bubble_check(c->bubble, what);
}

#define CHAN_SEND "send on synctest channel"
#define CHAN_RECEIVE "receive on synctest channel"

/* A channel made at PC, as goc_chan_make. */
goc_chan *goc__chan_new(size_t elem_size, size_t capacity, const void *pc);

/* Give back the memory of C, which is deserted. */
void goc__chan_delete(goc_chan *c, const void *pc);

/* A timer's channel: its value was received, which frees it unless others wait for another;
 * or it is freed, deserted. */
void goc__after_received(struct after *after, const void *pc);
void goc__after_free(struct after *after, const void *pc);

/* Whether C would let a receive (a send) go on, without the lock.
 *
 * May be outdated at once; true only says that trying is worth the lock.  False is an
 * answer for an operation that must not wait, because there was a moment at which it held:
 *   recv  an empty channel without a sender was seen, and after that it was open.  Closed
 *         channels never open again, so at the moment it was seen empty it was open as well.
 *   send  a full channel without a receiver was seen, and after that it was open: likewise.
 * Both are asked of every channel, though only one can be true of it: nobody waits on the other
 * side of one that buffers unless it is full (empty), and one that does not is always both.
 * All loads are of single words.  The acquire keeps them in this order, and with the release
 * of whoever stored what it sees, it sees a close from before that store: so a channel that was
 * closed and then emptied is not taken for one that was empty and open.  A buffer is never
 * filled after a close, so whoever sees it full needs no such order.  That outdated
 * answers come to an end is owed to the locks that the other side takes.
 * goc/select_inline.h has the same for programs. */
static inline bool chan_recv_hint(const goc_chan *c)
{
    return load_acquire(&c->count) != 0 || load_acquire(&c->senders.first) != NULL ||
           load_relaxed(&c->closed);
}

static inline bool chan_send_hint(const goc_chan *c)
{
    return load_relaxed(&c->count) != c->capacity ||
           load_acquire(&c->receivers.first) != NULL || load_relaxed(&c->closed);
}

#endif
