/* Slots as an array, the free ones as a queue through it. */
#include "state/slot.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/out.h"
#include "state/slab.h"

#define CANDIDATES_MAX 8 // free slots looked at before a new one is begun

struct slot {
    uint64_t end;   // race__life: clock that a new strand's creator must know
    uint64_t next;  // race__life: clock that a new strand begins with
    uint32_t birth; // atomic: newest record
    uint32_t queue; // race__life: the slot behind this one
};

uint32_t race__slot_max = RACE_SLOT_MAX; // the slot of all ones is never given out

static struct race__arena slots;
static bool mixed;          // atomic: set once, with race__life
static uint32_t first_free; // race__life: 0 where none is
static uint32_t last_free;  // race__life: meaningful where first_free is not 0

void race__slot_init(void)
{
    race__arena_init(&slots, "slots of vector clocks", sizeof(struct slot),
                     race__slot_max);
}

static struct slot *slot_at(uint32_t slot)
{
    return race__arena_at(&slots, slot);
}

static uint32_t dequeue(void)
{
    uint32_t slot = first_free;
    first_free = slot_at(slot)->queue;
    return slot;
}

static void enqueue(uint32_t slot)
{
    slot_at(slot)->queue = 0;
    if (first_free == 0)
        first_free = slot;
    else
        slot_at(last_free)->queue = slot;
    last_free = slot;
}

/* 0 where none of the first few will do; those went to the end. */
static uint32_t reusable(const struct race__view *view)
{
    for (int i = 0; i < CANDIDATES_MAX && first_free != 0; i++) {
        uint32_t slot = dequeue();
        race__epoch end = race__epoch_make(slot, slot_at(slot)->end);
        if (race__clock_covers(view->known, end) || race__view_has_beside(view, end))
            return slot; // asked in the order in which the answer is likely
        enqueue(slot);
    }
    return 0;
}

/* All slots are in use or wait for somebody who knows their ends. */
RACE_COLD static uint32_t anybodys(void)
{
    if (first_free == 0)
        race__die("more than %u strands at a time", race__slot_max - 1);
    if (!load_relaxed(&mixed))
        race__warn("nobody has waited for the ends of %u strands; from here on no race "
                   "is reported",
                   race__slot_max - 1);
    store_relaxed(&mixed, true);
    return dequeue();
}

race__epoch race__slot_take(const struct race__view *view, uint32_t birth,
                            uint32_t *previous)
{
    uint32_t slot = reusable(view);
    if (slot == 0) {
        slot = race__arena_append(&slots);
        if (slot != 0)
            slot_at(slot)->next = 1;
        else
            slot = anybodys();
    }
    race__epoch first = race__epoch_make(slot, slot_at(slot)->next);
    *previous = slot_at(slot)->birth;
    store_release(&slot_at(slot)->birth, birth);
    return first;
}

void race__slot_give(race__epoch own, race__epoch last)
{
    uint32_t slot = race__epoch_slot(own);
    uint64_t clock = race__epoch_clock(own);
    if (!race__epoch_is_none(last))
        slot_at(slot)->end = race__epoch_clock(last);
    slot_at(slot)->next = clock + 1;
    if (clock < RACE_CLOCK_MAX)
        enqueue(slot); // one that is worn out is left alone for ever
}

bool race__slots_mixed(void)
{
    return load_relaxed(&mixed);
}

uint32_t race__slot_birth(uint32_t slot)
{
    return load_acquire(&slot_at(slot)->birth);
}

uint32_t race__slot_count(void)
{
    return load_relaxed(&slots.used) - 1;
}
