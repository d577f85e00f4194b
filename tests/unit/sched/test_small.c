/* Small stacks: apart from each other, used again, given back, and never somebody else's. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/gmp.h"
#include "sched/reach.h"
#include "sched/small.h"
#include "sched/stack.h"

#include <goc/go.h>
#include <goc/time.h>
#include <sys/mman.h>

enum { MANY = 1000 };

static int finished;  // atomic
static bool released; // atomic
static const struct g *place_of[MANY];
static bool was_small[MANY];

/* Below it is nothing but the runtime. */
static void note_place(void *argument)
{
    int number = *(int *)argument;
    const struct g *g = goc__self();
    place_of[number] = g;
    was_small[number] = g->small;
    fetch_add_release(&finished, 1);
}

static void hold_place(void *argument)
{
    note_place(argument);
    while (!load_acquire(&released))
        goc_yield();
}

static void go_small(void (*entry)(void *), int number)
{
    goc__boot_start();
    struct m *m = goc__enter();
    goc__boot_scheduler(m);
    goc__leave(m);
    struct goc_reach reach = {.verdict = REACH_SMALL, .entry = entry};
    goc_go_reaching(&reach, &number, sizeof number);
}

static void lie_apart(void)
{
    for (int i = 0; i < MANY; i++)
        go_small(hold_place, i);
    PARTY_UNTIL(load_acquire(&finished) == MANY);
    CHECK_EQ(goc__small_alive(), MANY);
    for (int i = 0; i < MANY; i++) {
        CHECK(was_small[i]);
        const struct g *g = place_of[i];
        CHECK_EQ(g->stack_high - g->stack_low,
                 SMALL_BYTES - SMALL_G_BYTES - SMALL_MARK_BYTES);
        for (int k = 0; k < i; k++) {
            ptrdiff_t distance = (const char *)g - (const char *)place_of[k];
            CHECK(distance >= SMALL_BYTES || distance <= -SMALL_BYTES);
        }
    }
    store_release(&released, true);
}

/* At its end a goroutine gives its stack to the next one, but not a small one to whom it may be too
 * small for. */
static void are_not_inherited(void)
{
    goc_maxprocs(1);
    for (int i = 0; i < MANY; i++) {
        if (i % 2 == 0)
            go_small(note_place, i);
        else
            goc_go(note_place, &i, sizeof i);
    }
    PARTY_UNTIL(load_acquire(&finished) == MANY);
    int small = 0;
    for (int i = 0; i < MANY; i++) {
        CHECK(i % 2 == 0 || !was_small[i]);
        small += was_small[i];
    }
    CHECK(small > 0);
}

static void count_dead(struct g *g, void *count)
{
    *(uint32_t *)count += g->small && goc__status(g) == G_DEAD;
}

static uint32_t dead(void)
{
    uint32_t count = 0;
    goc__stack_each(count_dead, &count);
    return count;
}

static void memory_goes_back(void)
{
    /* What a P keeps may be of as many chunks. */
    enum { SPAWNED = 5000, KEPT_MOST = 64 * SMALL_CHUNK_SLOTS };
    goc_maxprocs(1);
    for (int round = 0; round < 3; round++) {
        store_release(&finished, 0);
        store_release(&released, false);
        for (int i = 0; i < SPAWNED; i++)
            go_small(hold_place, i % MANY);
        PARTY_UNTIL(load_acquire(&finished) == SPAWNED);
        CHECK_EQ(goc__small_alive(), SPAWNED);
        store_release(&released, true);
        PARTY_UNTIL(goc_num_goroutine() == 1);
        CHECK_EQ(goc__small_alive(), 0);
        CHECK(*goc__small_map.carved < SPAWNED + KEPT_MOST);
        do /* one without memory reads as G_NONE */
            goc__stack_scavenge(true);
        while (dead() > KEPT_MOST);
    }
}

/* Until the process ends; costs those that run nothing. */
static void keep_place(void *argument)
{
    note_place(argument);
    goc_sleep_until(INT64_MAX);
}

/* Is there memory behind what lies OFFSET bytes after the first slot? */
static bool has_memory(size_t offset)
{
    uintptr_t address = (uintptr_t)*goc__small_map.base + offset;
    unsigned char there = 0;
    CHECK_EQ(mincore((void *)(address - address % 4096), 4096, &there), 0);
    return there & 1;
}

/* The kernel is asked for memory ahead of need, once there are many, but not far ahead. */
static void memory_is_brought(void)
{
    enum { SPAWNED = 5000 };
    size_t some = 0;
    goc_maxprocs(1);
    for (int i = 0; i < SPAWNED; i++) {
        go_small(keep_place, i % MANY);
        PARTY_UNTIL(load_acquire(&finished) == i + 1);
        size_t used = (size_t)*goc__small_map.carved * SMALL_BYTES;
        CHECK(!has_memory(used + used / 4 + 4096));
        some += has_memory(used + 4096);
    }
    /* Linux before 5.14 cannot: then as on this page. */
    static _Alignas(4096) char page[4096];
    bool able = madvise(page, sizeof page, 23 /* MADV_POPULATE_WRITE */) == 0;
    CHECK(some > SPAWNED / 4 || !able);
}

static void spoil(void *unused)
{
    (void)unused;
    char *low = goc__self()->stack_low - SMALL_MARK_BYTES;
    *low = 1;
}

static void a_spoilt_mark_is_seen(void)
{
    go_small(spoil, 0);
    for (;;)
        goc_yield();
}

static void where(void *place)
{
    *(const char **)place = __builtin_frame_address(0);
}

static const char *room; // before finished

static void ask_for_room(void *unused)
{
    (void)unused;
    goc__with_room(where, &room);
    const struct g *g = goc__self();
    CHECK(g->small);
    CHECK(room < g->stack_low || room >= g->stack_high);
    store_release(&finished, 1);
}

static void what_wants_room_gets_it(void)
{
    const char *here = NULL;
    goc__with_room(where, &here);
    ptrdiff_t distance = (const char *)__builtin_frame_address(0) - here;
    CHECK(distance > 0 && distance < 4096); /* here there is some */
    go_small(ask_for_room, 0);
    PARTY_UNTIL(load_acquire(&finished) == 1);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(lie_apart),
        ISOLATED(are_not_inherited),
        ISOLATED(memory_goes_back),
        ISOLATED(memory_is_brought),
        ISOLATED_PANIC(a_spoilt_mark_is_seen, "has used more than its small stack"),
        ISOLATED(what_wants_room_gets_it),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
