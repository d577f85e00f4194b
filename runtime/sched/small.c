#include "sched/small.h"

#include "base/panic.h"
#include "os/pages.h"
#include "sched/claim.h"
#include "sched/fiber.h"
#include "sched/sched.h"
#include "sched/stack.h"

enum {
    CHUNK_BYTES = SMALL_BYTES * SMALL_CHUNK_SLOTS,
    FREE_SMALL_MAX = 64,
    GUARD_BYTES = 64 * 1024, /* below the first chunk */
    SCAVENGE_BATCH = 256,
    DUMP_STEP_BYTES = 16 * 1024 * 1024,
    REGION_BYTES = 4 * CHUNK_BYTES,
    REGIONS_TOUCHED = 8, /* the first ones get their memory as it is touched */
};

/* Address space to reserve; halved down to the least while the kernel refuses. */
#define RESERVE_BYTES_MOST (UINT64_C(64) << 30)
#define RESERVE_BYTES_LEAST (UINT64_C(16) << 20)
#define MARK UINT64_C(0x676f632073746b21)

_Static_assert(CHUNK_BYTES % GOC_PAGE_BYTES == 0, "a chunk's memory goes back by pages");
_Static_assert(SMALL_BYTES % 64 == 0, "every struct g begins a cache line");
_Static_assert(sizeof(struct g) <= SMALL_G_BYTES, "struct g has its place");
_Static_assert(SMALL_PROGRAM_BYTES >= 512, "the program gets its share");

struct chunk {
    struct list link; /* lock: in one of the pool's lists while any is free */
    struct g *free;   /* lock */
    uint32_t count;   /* lock: how many are free */
    bool cold;        /* lock: without memory, and all are free though none is listed */
};

static struct {
    struct lock lock;
    bool tried;           /* lock */
    char *base;           /* const once carved is not 0 */
    struct chunk *chunks; /* likewise; each is the lock's */
    uint32_t chunk_max;   /* likewise */
    uint32_t carved;      // atomic, release, written under lock: slots in use so far
    uint32_t regions;     /* lock: of REGION_BYTES, populated or left to faults */
    size_t dumped_bytes;  /* lock: from base on, what a core file holds */
    struct list partial;  /* lock: of which some slots are free */
    struct list warm;     /* lock: all are, since the last scavenge */
    struct list cooling;  /* lock: all are, since before it */
    struct list cold;     /* lock */
} pool;

const struct small_map goc__small_map = {
    .base = &pool.base,
    .carved = &pool.carved,
    .bytes = SMALL_BYTES,
    .g_bytes = SMALL_G_BYTES,
};

static struct g *slot_g(uint32_t number)
{
    return (struct g *)(void *)(pool.base + (size_t)(number + 1) * SMALL_BYTES -
                                SMALL_G_BYTES);
}

/* Under pool.lock. */
static bool reserve(void)
{
    if (pool.tried)
        return pool.base != NULL;
    pool.tried = true;
    list_init(&pool.partial);
    list_init(&pool.warm);
    list_init(&pool.cooling);
    list_init(&pool.cold);
    uint64_t bytes = RESERVE_BYTES_MOST;
    char *base;
    while (goc__pages_reserve(bytes, &base) != 0) {
        bytes /= 2;
        if (bytes < RESERVE_BYTES_LEAST)
            return false;
    }
    goc__pages_dump(base, bytes, false);
    uint32_t count = (uint32_t)((bytes - GUARD_BYTES) / CHUNK_BYTES);
    size_t size = count * sizeof(struct chunk);
    size = (size + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES;
    char *chunks;
    if (goc__pages_guard(base, GUARD_BYTES) != 0 ||
        goc__pages_reserve(size, &chunks) != 0)
        return false;
    pool.chunks = (struct chunk *)(void *)chunks;
    pool.chunk_max = count;
    pool.regions = REGIONS_TOUCHED;
    pool.base = base + GUARD_BYTES;
    return true;
}

/* A core file holds what is in use, as sched/stack.c has it.  Under pool.lock. */
static void dump_up_to(size_t wanted)
{
    if (LIKELY(wanted <= pool.dumped_bytes))
        return;
    size_t all = (size_t)pool.chunk_max * CHUNK_BYTES;
    wanted += wanted / 4 + DUMP_STEP_BYTES;
    wanted -= wanted % GOC_PAGE_BYTES;
    pool.dumped_bytes = wanted < all ? wanted : all;
    goc__pages_dump(pool.base, pool.dumped_bytes, true);
}

/* The slots of chunk NUMBER, which has no memory yet, into its list.  Under pool.lock. */
static void fill(uint32_t number)
{
    struct chunk *chunk = &pool.chunks[number];
    chunk->free = NULL;
    for (uint32_t i = SMALL_CHUNK_SLOTS; i-- > 0;) {
        struct g *g = slot_g(number * SMALL_CHUNK_SLOTS + i);
        g->kind = G_GOROUTINE;
        g->small = true;
        g->stack_low = (char *)g + SMALL_G_BYTES - SMALL_BYTES + SMALL_MARK_BYTES;
        g->stack_high = (char *)g;
        *goc__small_mark(g) = MARK;
        g->next = chunk->free;
        chunk->free = g;
    }
    chunk->count = SMALL_CHUNK_SLOTS;
    chunk->cold = false;
}

static uint32_t number_of(const struct chunk *chunk)
{
    return (uint32_t)(chunk - pool.chunks);
}

static struct chunk *first_of(const struct list *list)
{
    return LIST_OBJECT(list->next, struct chunk, link);
}

/* A chunk that has free slots, in no list; NULL: there is no room.  Under pool.lock. */
static struct chunk *find_chunk(void)
{
    struct list *lists[] = {&pool.partial, &pool.warm, &pool.cooling, &pool.cold};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (list_empty(lists[i]))
            continue;
        struct chunk *chunk = first_of(lists[i]);
        list_remove(&chunk->link);
        if (chunk->cold)
            fill(number_of(chunk));
        return chunk;
    }
    uint32_t number = pool.carved / SMALL_CHUNK_SLOTS;
    if (number == pool.chunk_max)
        return NULL;
    dump_up_to((size_t)(number + 1) * CHUNK_BYTES);
    fill(number);
    store_release(&pool.carved, (number + 1) * SMALL_CHUNK_SLOTS);
    return &pool.chunks[number];
}

/* The region that is to get its memory now, by one system call instead of 60 faults: half of the
 * one before it is in use.  So no more than a fifth of what is in use lies idle.  NULL: none.
 * Under pool.lock. */
static char *next_region(void)
{
    size_t used = (size_t)(pool.carved / SMALL_CHUNK_SLOTS) * CHUNK_BYTES;
    size_t next = (size_t)pool.regions * REGION_BYTES;
    if (LIKELY(used + REGION_BYTES / 2 < next) ||
        next + REGION_BYTES > (size_t)pool.chunk_max * CHUNK_BYTES)
        return NULL;
    pool.regions++;
    return pool.base + next;
}

/* Fill P's list, which is empty, if there is room. */
static void refill(void *p_argument)
{
    struct p *p = p_argument;
    goc__lock(&pool.lock);
    struct chunk *chunk = reserve() ? find_chunk() : NULL;
    if (chunk != NULL) {
        p->free_small = chunk->free;
        p->free_small_count = chunk->count;
        chunk->free = NULL;
        chunk->count = 0;
    }
    char *region = chunk != NULL ? next_region() : NULL;
    goc__unlock(&pool.lock);
    /* Without the lock: others who come to it meanwhile get its memory page by page. */
    if (UNLIKELY(region != NULL))
        goc__pages_bring(region, REGION_BYTES);
}

struct g *goc__small_take(struct p *p)
{
    if (UNLIKELY(p->free_small == NULL))
        goc__with_room(refill, p);
    struct g *g = p->free_small;
    if (g != NULL) {
        p->free_small = g->next;
        p->free_small_count--;
    }
    return g;
}

/* Back to its chunk.  Under pool.lock. */
static void put(struct g *g)
{
    uint32_t number = (uint32_t)((size_t)((char *)g - pool.base) / CHUNK_BYTES);
    struct chunk *chunk = &pool.chunks[number];
    g->next = chunk->free;
    chunk->free = g;
    if (++chunk->count > 1)
        list_remove(&chunk->link);
    list_push_front(chunk->count == SMALL_CHUNK_SLOTS ? &pool.warm : &pool.partial,
                    &chunk->link);
}

COLD static void spill(struct p *p, uint32_t count)
{
    goc__lock(&pool.lock);
    for (uint32_t i = 0; i < count; i++) {
        struct g *g = p->free_small;
        p->free_small = g->next;
        put(g);
    }
    goc__unlock(&pool.lock);
    p->free_small_count -= count;
}

static void die_of_overflow(void *g)
{
    goc__throwf("goroutine %llu has used more than its small stack",
                (unsigned long long)load_relaxed(&((const struct g *)g)->id));
}

void goc__small_give(struct p *p, struct g *g)
{
    if (UNLIKELY(*goc__small_mark(g) != MARK))
        goc__with_room(die_of_overflow, g);
    if (UNLIKELY(p->free_small_count == FREE_SMALL_MAX))
        spill(p, FREE_SMALL_MAX / 2);
    g->next = p->free_small;
    p->free_small = g;
    p->free_small_count++;
}

void goc__small_flush(struct p *p)
{
    if (p->free_small_count > 0)
        spill(p, p->free_small_count);
}

/* Under pool.lock. */
static void release(struct chunk *chunk)
{
    list_remove(&chunk->link);
    chunk->cold = true;
    chunk->free = NULL;
    goc__pages_release(pool.base + (size_t)number_of(chunk) * CHUNK_BYTES, CHUNK_BYTES);
    list_push_front(&pool.cold, &chunk->link);
}

void goc__small_scavenge(bool next_round)
{
    if (load_acquire(&pool.carved) == 0)
        return;
    for (int i = 0; i < SCAVENGE_BATCH; i++) {
        /* One at a time: a system call under the lock, but a short one. */
        goc__lock(&pool.lock);
        bool some = !list_empty(&pool.cooling);
        if (some)
            release(first_of(&pool.cooling));
        goc__unlock(&pool.lock);
        if (!some)
            break;
    }
    goc__lock(&pool.lock);
    if (next_round && list_empty(&pool.cooling)) {
        while (!list_empty(&pool.warm))
            list_push_back(&pool.cooling, list_pop_front(&pool.warm));
    }
    goc__unlock(&pool.lock);
}

void goc__small_each(void (*visit)(struct g *g, void *argument), void *argument)
{
    uint32_t carved = load_acquire(&pool.carved);
    for (uint32_t number = 0; number < carved; number++)
        visit(slot_g(number), argument);
}

static void count_alive(struct g *g, void *count)
{
    enum g_status status = goc__status(g);
    *(uint32_t *)count += status != G_NONE && status != G_DEAD;
}

uint32_t goc__small_alive(void)
{
    uint32_t count = 0;
    goc__small_each(count_alive, &count);
    return count;
}

COLD void goc__with_room(void (*function)(void *), void *argument)
{
    const struct g *g = goc__m()->g;
    if (LIKELY(g == NULL || !g->small)) {
        function(argument);
        return;
    }
    struct m *m = goc__enter(); /* so that it stays on this thread, whatever is called */
    const char *here = __builtin_frame_address(0);
    if (here >= g->stack_low && here < g->stack_high)
        goc__context_call_below((char *)m->scheduler.sp, function, argument);
    else
        function(argument); /* there already */
    goc__leave(m);
}

void goc__panic_with_room(void (*function)(void *), void *argument)
{
    goc__with_room(function, argument);
}
