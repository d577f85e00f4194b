#include "sched/stack.h"

#include "base/bytes.h"
#include "base/knobs.h"
#include "base/panic.h"
#include "base/print.h"
#include "base/start.h"
#include "os/pages.h"
#include "sched/fiber.h"
#include "sched/small.h"

enum {
    /* goc-cc has larger frames touched on the way (plugin/driver/Command.cpp). */
    GUARD_BYTES = 64 * 1024,
    COLOURS = 4,
    COLOUR_BYTES = 512,
    G_BYTES = 192, /* struct g, in whole cache lines */
    ARENAS_MAX = 4096,
    FIRST_SLOTS = 64, /* of the first arena: 20 MiB of addresses */
    TAKE_BATCH = 16,  /* slots carved or taken from the pool at once */
    SCAVENGE_BATCH = 256,
    SHELF_FIRST = 512, /* more than a page of addresses: what grows is whole pages */
    BARE_BYTES = 256 * 1024,
    DUMP_STEP_BYTES = 16 * 1024 * 1024,
};

/* Address space to reserve at a time; halved down to the least while the kernel refuses. */
#define ARENA_BYTES_MOST (UINT64_C(64) << 30)
#define ARENA_BYTES_LEAST (UINT64_C(16) << 20)

_Static_assert(sizeof(struct g) <= G_BYTES, "struct g has its place");

struct arena {
    char *base;          /* const */
    uint32_t slots;      /* const */
    uint32_t carved;     // atomic, release, written under pool.lock: slots in use so far
    uint32_t cold_count; /* pool.lock */
    uint32_t *cold;      /* pool.lock: numbers of the slots that have no memory */
    size_t dumped_bytes; /* pool.lock: from base on, what a core file holds */
};

AT_START static size_t slot_bytes;  /* const after start */
AT_START static size_t stack_bytes; /* const after start */

/* Free goroutines.  Their addresses, and not links in them, so that nobody has to wait for the
 * memory of one to come to the next. */
struct shelf {
    struct g **free;   /* lock */
    uint32_t count;    // atomic, relaxed, written under lock
    uint32_t capacity; /* lock */
};

static struct g *first_warm[SHELF_FIRST];
static struct g *first_cooling[SHELF_FIRST];

AT_START static struct {
    struct lock lock;
    struct shelf warm;    /* lock: given back since the last scavenge */
    struct shelf cooling; /* lock: given back before it */
    uint32_t carved;      /* lock: slots of all arenas; either shelf has room for them */
    uint32_t arena_count; // atomic, written under lock
    bool unguarded;       /* lock: the warning is out */
} pool;

/* const below pool.arena_count, but where said otherwise */
static struct arena arenas[ARENAS_MAX];

const struct stack_map goc__stack_map = {
    .arenas = arenas,
    .arena_count = &pool.arena_count,
    .slot_bytes = &slot_bytes,
    .arena_bytes = sizeof(struct arena),
    .base_offset = offsetof(struct arena, base),
    .carved_offset = offsetof(struct arena, carved),
    .colours = COLOURS,
    .colour_bytes = COLOUR_BYTES,
    .g_bytes = G_BYTES,
};

size_t goc__stack_bytes(void)
{
    return stack_bytes;
}

void goc__stack_start(void)
{
    /* Not in pool's initializer, which would make of its zeroes 200 KiB of the program's file. */
    pool.warm = (struct shelf){.free = first_warm, .capacity = SHELF_FIRST};
    pool.cooling = (struct shelf){.free = first_cooling, .capacity = SHELF_FIRST};
    size_t page = GOC_PAGE_BYTES;
    stack_bytes = ((size_t)goc__knobs.stack + page - 1) / page * page;
    size_t colours = (size_t)COLOURS * COLOUR_BYTES + G_BYTES;
    size_t top_bytes = (colours + page - 1) / page * page;
    slot_bytes = GUARD_BYTES + stack_bytes + top_bytes;
    /* An odd number of pages, so that successive slots go through all page colours. */
    if (slot_bytes / page % 2 == 0)
        slot_bytes += page;
}

static char *slot_at(const struct arena *arena, uint32_t number)
{
    return arena->base + (size_t)number * slot_bytes;
}

static struct g *slot_g(const struct arena *arena, uint32_t number)
{
    size_t colour = (size_t)(number % COLOURS) * COLOUR_BYTES;
    return (struct g *)(void *)(slot_at(arena, number) + slot_bytes - colour - G_BYTES);
}

static struct arena *last_arena(void)
{
    uint32_t count = load_relaxed(&pool.arena_count);
    return count > 0 ? &arenas[count - 1] : NULL;
}

/* The address space of ARENA, the first one or not.  Under pool.lock. */
static bool reserve(struct arena *arena, bool first)
{
    /* Valgrind keeps account of every byte of a mapping, used or not. */
    uint64_t bytes = goc__fiber_accounts() ? ARENA_BYTES_LEAST : ARENA_BYTES_MOST;
    if (first)
        bytes = FIRST_SLOTS * slot_bytes;
    while (goc__pages_reserve(bytes, &arena->base) != 0) {
        bytes /= 2;
        if (bytes < ARENA_BYTES_LEAST || bytes < slot_bytes)
            return false;
    }
    arena->slots = (uint32_t)(bytes / slot_bytes);
    arena->dumped_bytes = first ? bytes : 0;
    if (!first)
        goc__pages_dump(arena->base, bytes, false);
    return true;
}

/* One more arena.  The first is small and may lie in core files, which saves a program of a few
 * goroutines four of seven system calls.  Under pool.lock. */
static struct arena *add_arena(void)
{
    uint32_t count = load_relaxed(&pool.arena_count);
    if (count == ARENAS_MAX)
        return NULL;
    struct arena *arena = &arenas[count];
    if (!reserve(arena, count == 0))
        return NULL;
    arena->cold = goc__pages_permanent(arena->slots * sizeof arena->cold[0]);
    if (arena->cold == NULL)
        return NULL;
    store_relaxed(&pool.arena_count, count + 1); /* carved releases what an arena is */
    return arena;
}

/* A core file holds the slots up to NUMBER: not the whole arena, which would be 64 GiB of
 * nothing where it goes through a pipe.  In growing steps, for it is a system call and splits
 * the mapping at one place.  Under pool.lock. */
static void dump_up_to(struct arena *arena, uint32_t number)
{
    size_t wanted = (size_t)(number + 1) * slot_bytes;
    if (LIKELY(wanted <= arena->dumped_bytes))
        return;
    size_t all = (size_t)arena->slots * slot_bytes;
    wanted += wanted / 4 + DUMP_STEP_BYTES;
    wanted -= wanted % GOC_PAGE_BYTES;
    arena->dumped_bytes = wanted < all ? wanted : all;
    goc__pages_dump(arena->base, arena->dumped_bytes, true);
}

static void guard(char *slot)
{
    if (goc__pages_guard(slot, GUARD_BYTES) == 0 || pool.unguarded)
        return;
    pool.unguarded = true;
    goc__print("goc: the kernel allows no more guards below stacks (vm.max_map_count); "
               "further stacks have none\n");
}

/* Make room for as many as there are slots.  False: no memory.  Under pool.lock. */
static bool grow(struct shelf *shelf)
{
    size_t bytes = shelf->capacity * sizeof shelf->free[0];
    char *fresh;
    if (LIKELY(pool.carved < shelf->capacity))
        return true;
    if (goc__pages_map(bytes * 2, &fresh) != 0)
        return false;
    bytes_copy(fresh, shelf->free, shelf->count * sizeof shelf->free[0]);
    if (shelf->capacity > SHELF_FIRST)
        goc__pages_unmap((char *)shelf->free, bytes);
    shelf->free = (struct g **)(void *)fresh;
    shelf->capacity *= 2;
    return true;
}

/* A slot without memory.  Under pool.lock. */
static struct g *carve(void)
{
    for (uint32_t i = load_relaxed(&pool.arena_count); i-- > 0;) {
        struct arena *arena = &arenas[i];
        if (arena->cold_count > 0)
            return slot_g(arena, arena->cold[--arena->cold_count]);
    }
    struct arena *arena = last_arena();
    if (arena == NULL || arena->carved == arena->slots) {
        arena = add_arena();
        if (arena == NULL)
            return NULL;
    }
    if (!grow(&pool.warm) || !grow(&pool.cooling))
        return NULL;
    uint32_t number = arena->carved;
    dump_up_to(arena, number);
    guard(slot_at(arena, number));
    goc__fiber_stack(slot_at(arena, number) + GUARD_BYTES, slot_bytes - GUARD_BYTES);
    store_release(&arena->carved, number + 1);
    pool.carved++;
    return slot_g(arena, number);
}

static struct arena *arena_of(const struct g *g)
{
    uint32_t count = load_relaxed(&pool.arena_count); /* G's came with G */
    for (uint32_t i = 0; i < count; i++) {
        struct arena *arena = &arenas[i];
        size_t offset = (size_t)((const char *)g - arena->base);
        if (offset < (size_t)arena->slots * slot_bytes)
            return arena;
    }
    goc__throwf("no arena holds goroutine %p", (const void *)g);
}

static uint32_t number_of(const struct arena *arena, const struct g *g)
{
    return (uint32_t)((size_t)((const char *)g - arena->base) / slot_bytes);
}

/* What the struct g of a slot that had no memory says about it. */
static void describe(struct g *g)
{
    const struct arena *arena = arena_of(g);
    g->kind = G_GOROUTINE;
    g->stack_low = slot_at(arena, number_of(arena, g)) + GUARD_BYTES;
    g->stack_high = (char *)g;
}

/* The COUNT newest of SHELF leave it, to the end of TO. */
static void take_off(struct shelf *shelf, uint32_t count, struct g **to)
{
    store_relaxed(&shelf->count, shelf->count - count);
    bytes_copy(to, shelf->free + shelf->count, count * sizeof to[0]);
}

/* Fill P's free goroutines, of which it has none, with one at least. */
static void refill(void *p_argument)
{
    struct p *p = p_argument;
    goc__lock(&pool.lock);
    struct shelf *shelf = pool.warm.count > 0 ? &pool.warm : &pool.cooling;
    uint32_t count = shelf->count < TAKE_BATCH ? shelf->count : TAKE_BATCH;
    take_off(shelf, count, p->free);
    struct g *fresh = count == 0 ? carve() : NULL;
    goc__unlock(&pool.lock);
    if (count == 0) {
        if (fresh == NULL)
            goc__fatal(
                "runtime: cannot allocate memory for a stack; may need to increase "
                "max virtual memory (ulimit -v) or to lower GOC_DEBUG=stack=…");
        describe(fresh); /* here, and by a write first: it commits the page */
        p->free[count++] = fresh;
    }
    p->free_count = count;
}

/* G's memory is wanted soon: its fields, and below them the first of its stack. */
static void fetch_ahead(const struct g *g)
{
    const char *at = (const char *)g;
    for (int line = -2; line < G_BYTES / 64; line++)
        __builtin_prefetch(at + (ptrdiff_t)line * 64, 1);
}

struct g *goc__stack_take(struct p *p)
{
    if (UNLIKELY(p->free_count == 0))
        goc__with_room(refill, p);
    uint32_t left = --p->free_count;
    if (left > 0)
        fetch_ahead(p->free[left - 1]);
    return p->free[left];
}

/* Move the COUNT newest of P's free goroutines to the pool. */
COLD static void spill(struct p *p, uint32_t count)
{
    p->free_count -= count;
    goc__lock(&pool.lock);
    struct shelf *warm = &pool.warm;
    bytes_copy(warm->free + warm->count, p->free + p->free_count,
               count * sizeof p->free[0]);
    store_relaxed(&warm->count, warm->count + count);
    goc__unlock(&pool.lock);
}

void goc__stack_give(struct p *p, struct g *g)
{
    if (UNLIKELY(g->small)) {
        goc__small_give(p, g);
        return;
    }
    if (UNLIKELY(p->free_count == FREE_MAX))
        spill(p, FREE_MAX / 2);
    p->free[p->free_count++] = g;
}

void goc__stack_flush(struct p *p)
{
    spill(p, p->free_count);
    goc__small_flush(p);
}

/* Under pool.lock. */
static void exchange_shelves(void)
{
    struct shelf warm = pool.warm;
    pool.warm.free = pool.cooling.free;
    pool.warm.capacity = pool.cooling.capacity;
    store_relaxed(&pool.warm.count, pool.cooling.count);
    pool.cooling.free = warm.free;
    pool.cooling.capacity = warm.capacity;
    store_relaxed(&pool.cooling.count, warm.count);
}

/* Up to SCAVENGE_BATCH of those that nobody took for a whole round; returns how many. */
static uint32_t take_cooling(bool next_round, struct g **batch)
{
    /* A look first: at its start the monitor would meet the first goroutine at the lock. */
    if (load_relaxed(&pool.cooling.count) == 0 &&
        (!next_round || load_relaxed(&pool.warm.count) == 0))
        return 0;
    goc__lock(&pool.lock);
    uint32_t count =
        pool.cooling.count < SCAVENGE_BATCH ? pool.cooling.count : SCAVENGE_BATCH;
    take_off(&pool.cooling, count, batch);
    if (next_round && pool.cooling.count == 0)
        exchange_shelves();
    goc__unlock(&pool.lock);
    return count;
}

void goc__stack_scavenge(bool next_round)
{
    goc__small_scavenge(next_round);
    struct g *batch[SCAVENGE_BATCH];
    uint32_t count = take_cooling(next_round, batch);
    for (uint32_t i = 0; i < count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): COUNT of them are written */
        struct arena *arena = arena_of(batch[i]);
        uint32_t number = number_of(arena, batch[i]);
        goc__pages_release(slot_at(arena, number) + GUARD_BYTES,
                           slot_bytes - GUARD_BYTES);
        goc__lock(&pool.lock);
        arena->cold[arena->cold_count++] = number;
        goc__unlock(&pool.lock);
    }
}

void goc__stack_each(void (*visit)(struct g *g, void *argument), void *argument)
{
    goc__small_each(visit, argument);
    uint32_t count = load_relaxed(&pool.arena_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct arena *arena = &arenas[i];
        uint32_t carved = load_acquire(&arena->carved);
        for (uint32_t number = 0; number < carved; number++)
            visit(slot_g(arena, number), argument);
    }
}

bool goc__stack_guards(const struct g *g, const void *address)
{
    const char *at = address;
    return g->kind == G_GOROUTINE && !g->small && at < g->stack_low &&
           at >= g->stack_low - GUARD_BYTES;
}

char *goc__stack_bare(void)
{
    char *base;
    if (goc__pages_map(GUARD_BYTES + BARE_BYTES, &base) != 0 ||
        goc__pages_guard(base, GUARD_BYTES) != 0)
        goc__fatal("runtime: cannot allocate memory for the scheduler's stack");
    goc__fiber_bare(base + GUARD_BYTES, BARE_BYTES);
    return base + GUARD_BYTES + BARE_BYTES;
}
