/* Arrays of moments, and the loops over them. */
#include "state/flat.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/compiler.h"
#include "state/slab.h"

/* Bytes of an array with its head are a power of two, as the slab has blocks; but the shortest
 * takes little more than a leaf. */
#define SHORTEST RACE_CLOCK_LEAF
#define SMALLEST ((size_t)256)
#define LARGEST ((size_t)4 * 1024)
#define LANES 8u // slots at a time

size_t race__flat_bytes_max = (size_t)64 << 20;
bool race__flats_too_many;

static size_t bytes_in_use; // atomic

static size_t bytes_of(uint32_t room)
{
    return RACE_CLOCK_FLAT_HEAD + (size_t)room * sizeof(uint32_t);
}

/* Room for SLOTS, 0 where they are too many. */
static uint32_t room_for(uint32_t slots)
{
    size_t bytes = SMALLEST;
    if (slots <= SHORTEST)
        return SHORTEST;
    while (bytes < bytes_of(slots))
        bytes *= 2;
    if (bytes > LARGEST)
        return 0;
    return (uint32_t)((bytes - RACE_CLOCK_FLAT_HEAD) / sizeof(uint32_t));
}

/* An array for SLOTS that uses none yet, with anything in it; NULL where none can be had. */
static race__clock *flat_new(uint32_t slots)
{
    uint32_t room = room_for(slots);
    if (room == 0)
        return NULL;
    size_t bytes = bytes_of(room);
    if (fetch_add_relaxed(&bytes_in_use, bytes) + bytes > race__flat_bytes_max) {
        fetch_sub_relaxed(&bytes_in_use, bytes);
        store_relaxed(&race__flats_too_many, true);
        return NULL;
    }
    race__clock *flat = race__slab_take(bytes);
    flat->refs = 1;
    flat->level = RACE_CLOCK_FLAT;
    flat->flat.room = room;
    flat->flat.used = 0;
    return flat;
}

void race__flat_free(race__clock *flat)
{
    size_t bytes = bytes_of(flat->flat.room);
    fetch_sub_relaxed(&bytes_in_use, bytes);
    race__slab_free(flat, bytes);
}

/* Moments have RACE_CLOCK_BITS bits, so that they compare as signed numbers too, which the
 * processor has an instruction for. */
typedef int32_t lanes __attribute__((vector_size(LANES * sizeof(int32_t)), aligned(16)));

static RACE_INLINE void take_later(lanes *to, const lanes *from)
{
    *to = __builtin_elementwise_max(*to, *from);
}

static RACE_INLINE void raise_lanes(lanes *to, const lanes *from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        take_later(&to[i], &from[i]);
}

static void copy_slots(void *to, const void *from, uint32_t slots)
{
    for (uint32_t i = 0; i < slots / LANES; i++)
        ((lanes *)to)[i] = ((const lanes *)from)[i];
}

static RACE_INLINE void meet_lanes(lanes *a, lanes *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        take_later(&a[i], &b[i]);
        b[i] = a[i];
    }
}

#define WIDE __attribute__((target("avx2")))
WIDE static void raise_wide(lanes *to, const lanes *from, uint32_t count)
{
    raise_lanes(to, from, count);
}

WIDE static void meet_wide(lanes *a, lanes *b, uint32_t count)
{
    meet_lanes(a, b, count);
}

static void raise_slots(void *to, const void *from, uint32_t slots)
{
    if (__builtin_cpu_supports("avx2"))
        raise_wide(to, from, slots / LANES);
    else
        raise_lanes(to, from, slots / LANES);
}

static void meet_slots(void *a, void *b, uint32_t slots)
{
    if (__builtin_cpu_supports("avx2"))
        meet_wide(a, b, slots / LANES);
    else
        meet_lanes(a, b, slots / LANES);
}

/* All that CLOCK knows is of slots below this; a multiple of LANES. */
static uint32_t span_of(const race__clock *clock)
{
    uint32_t first = 0;
    if (clock->level == RACE_CLOCK_FLAT)
        return clock->flat.used;
    while (clock->level != 0) {
        uint32_t way = RACE_CLOCK_FANOUT - 1;
        while (clock->child[way] == NULL)
            way--;
        first += way << race__clock_bits(clock->level - 1);
        clock = clock->child[way];
    }
    return first + RACE_CLOCK_LEAF;
}

/* FLAT, which is the caller's alone and has room for it, gets to know what CLOCK knows, whose first
 * slot is FIRST. */
static void add(race__clock *flat, const race__clock *clock, uint32_t first)
{
    if (clock->level == RACE_CLOCK_FLAT) {
        const void *from = (const char *)clock + RACE_CLOCK_FLAT_HEAD;
        raise_slots(race__clock_slots(flat), from, clock->flat.used);
        return;
    }
    if (clock->level == 0) {
        raise_slots(race__clock_slots(flat) + first, clock->clock, RACE_CLOCK_LEAF);
        return;
    }
    for (uint32_t i = 0; i < RACE_CLOCK_FANOUT; i++)
        if (clock->child[i] != NULL)
            add(flat, clock->child[i], first + (i << race__clock_bits(clock->level - 1)));
}

/* FLAT, which is the caller's alone and has room for them, uses SLOTS slots. */
static RACE_INLINE void use(race__clock *flat, uint32_t slots)
{
    for (; flat->flat.used < slots; flat->flat.used++)
        race__clock_slots(flat)[flat->flat.used] = 0;
}

/* As make_own. */
RACE_NOINLINE static bool make_anew(race__clock **clock, uint32_t slots)
{
    race__clock *old = *clock;
    uint32_t span = span_of(old);
    race__clock *flat = flat_new(span < slots ? slots : span);
    if (flat == NULL)
        return false;
    if (old->level == RACE_CLOCK_FLAT) {
        copy_slots(race__clock_slots(flat), race__clock_slots(old), span);
        flat->flat.used = span;
    } else {
        use(flat, span);
        add(flat, old, 0);
    }
    race__clock_drop(old);
    *clock = flat;
    return true;
}

/* *CLOCK becomes a flat one that is the caller's alone, and uses SLOTS slots at least. */
static RACE_INLINE bool make_own(race__clock **clock, uint32_t slots)
{
    const race__clock *old = *clock;
    if (unlikely(old->level != RACE_CLOCK_FLAT || slots > old->flat.room ||
                 !race__flat_is_own(old)) &&
        !make_anew(clock, slots))
        return false;
    use(*clock, slots);
    return true;
}

/* How many slots are used where EPOCH's is. */
static uint32_t slots_with(race__epoch epoch)
{
    return (race__epoch_slot(epoch) + LANES) & ~(LANES - 1);
}

static uint32_t more(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* FLAT, which is the caller's alone and uses EPOCH's slot, knows EPOCH. */
static void put(race__clock *flat, race__epoch epoch)
{
    uint32_t *place = &race__clock_slots(flat)[race__epoch_slot(epoch)];
    uint32_t clock = (uint32_t)race__epoch_clock(epoch);
    *place = *place > clock ? *place : clock;
}

bool race__flat_raise(race__clock **clock, race__epoch epoch)
{
    if (!make_own(clock, slots_with(epoch)))
        return false;
    put(*clock, epoch);
    return true;
}

bool race__flat_raise_all(race__clock **clock, const race__epoch *epochs, uint32_t count)
{
    uint32_t slots = 0;
    for (uint32_t i = 0; i < count; i++)
        slots = more(slots, slots_with(epochs[i]));
    if (!make_own(clock, slots))
        return false;
    for (uint32_t i = 0; i < count; i++)
        put(*clock, epochs[i]);
    return true;
}

bool race__flat_join(race__clock **clock, const race__clock *from)
{
    if (!make_own(clock, span_of(from)))
        return false;
    add(*clock, from, 0);
    return true;
}

bool race__flat_meet(race__clock **a, race__epoch epoch_a, race__clock **b,
                     race__epoch epoch_b)
{
    uint32_t slots = more(more((*a)->flat.used, slots_with(epoch_a)),
                          more((*b)->flat.used, slots_with(epoch_b)));
    if (!make_own(a, slots) || !make_own(b, slots))
        return false;
    put(*a, epoch_a);
    put(*b, epoch_b);
    meet_slots(race__clock_slots(*a), race__clock_slots(*b), slots);
    return true;
}

bool race__flat_knows(const race__clock *flat, const race__clock *from, race__epoch a,
                      race__epoch b)
{
    const int32_t *known = (const int32_t *)((const char *)flat + RACE_CLOCK_FLAT_HEAD);
    const int32_t *asked = (const int32_t *)((const char *)from + RACE_CLOCK_FLAT_HEAD);
    uint32_t slot_a = race__epoch_slot(a);
    uint32_t slot_b = race__epoch_slot(b);
    int less = 0;
    if (from->flat.used > flat->flat.used)
        return false;
    for (uint32_t i = 0; i < from->flat.used; i++)
        less |= (int)(known[i] < asked[i]) & (int)(i != slot_a) & (int)(i != slot_b);
    return less == 0;
}

void race__flat_lower(race__clock *flat, uint32_t slot, uint32_t clock)
{
    if (slot < flat->flat.used && race__clock_slots(flat)[slot] > clock)
        race__clock_slots(flat)[slot] = clock;
}

void race__flat_freeze(race__clock **clock, uint32_t slots)
{
    if (span_of(*clock) <= slots && !load_relaxed(&race__flats_too_many))
        (void)make_anew(clock, 0);
}

race__clock *race__flat_thaw(race__clock *flat)
{
    race__clock *trie = NULL;
    for (uint32_t slot = 0; slot < flat->flat.used; slot++) {
        uint64_t clock = race__clock_get_flat(flat, slot);
        if (clock != 0)
            trie = race__clock_raise(trie, race__epoch_make(slot, clock), race__no_epoch);
    }
    race__clock_drop(flat);
    return trie;
}

uint32_t race__flat_count(const race__clock *flat)
{
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < flat->flat.used; slot++)
        count += race__clock_get_flat(flat, slot) != 0;
    return count;
}
