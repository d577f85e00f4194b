/* A channel's birth and death: one block for header, slots and, with events, what is
 * left in each slot.  The memory comes from malloc, so that leak checkers see channels.
 */
#include "chan/chan.h"
#include "events/events.h"

#include <goc/go.h>
#include <stdalign.h>
#include <stdlib.h>

/* Where a block's parts begin and end. */
struct layout {
    size_t events_offset;
    size_t size; /* 0: too large */
};

static struct layout layout_of(size_t elem_size, size_t capacity)
{
    struct layout at = {0};
    size_t slots;
    size_t events;
    size_t end;
    if (capacity > PTRDIFF_MAX || __builtin_mul_overflow(elem_size, capacity, &slots) ||
        __builtin_mul_overflow(SLOT_EVENT_SIZE, capacity, &events) ||
        __builtin_add_overflow(sizeof(struct goc_chan) + alignof(uint64_t) - 1, slots,
                               &end))
        return at;
    at.events_offset = end & ~(alignof(uint64_t) - 1);
    if (!__builtin_add_overflow(at.events_offset, events, &end) && end <= PTRDIFF_MAX)
        at.size = end;
    return at;
}

goc_chan *goc__chan_new(size_t elem_size, size_t capacity, const void *pc)
{
    struct layout at = layout_of(elem_size, capacity);
    if (at.size == 0)
        goc__panic("makechan: size out of range");
    event_internal_begin();
    goc_chan *c = SLOT_EVENT_SIZE > 0 ? calloc(1, at.size) : malloc(at.size);
    event_internal_end();
    if (c == NULL)
        goc__fatalf("runtime: cannot allocate %zu-byte channel: out of memory", at.size);
    uint32_t bubble = goc__bubble_id();
    *c = (goc_chan){.capacity = capacity,
                    .elem_size = elem_size,
                    .bubbled = bubble != 0,
                    .bubble = bubble};
    if (SLOT_EVENT_SIZE > 0)
        c->slot_events = (char *)c + at.events_offset;
    event_memory_new(c, at.size, "channel", pc);
    return c;
}

void goc__chan_delete(goc_chan *c, const void *pc)
{
    event_slots_end((event_slot *)(void *)c->slot_events, c->capacity);
    event_memory_free(c, layout_of(c->elem_size, c->capacity).size, pc);
    event_internal_begin();
    free(c);
    event_internal_end();
}

goc_chan *goc_chan_make(size_t elem_size, size_t capacity)
{
    return goc__chan_new(elem_size, capacity, EVENT_CALLER_PC());
}

/* Nobody may wait on C.  A select that has been won elsewhere does not count as waiting,
 * but has yet to come by: that takes it a moment, once it runs.
 * True: C is deserted. */
static bool deserted(goc_chan *c)
{
    goc__lock(&c->lock);
    bool waiting = waitq_waiting(&c->receivers) || waitq_waiting(&c->senders);
    bool empty = waitq_deserted(&c->receivers) && waitq_deserted(&c->senders);
    goc__unlock(&c->lock);
    if (waiting)
        goc__panic("free of channel with waiting goroutines");
    return empty;
}

void goc_chan_free(goc_chan *c)
{
    const void *pc = EVENT_CALLER_PC();
    if (c == NULL)
        return;
    while (!deserted(c))
        goc_yield();
    if (c->after)
        goc__after_free(c->after, pc);
    else
        goc__chan_delete(c, pc);
}
