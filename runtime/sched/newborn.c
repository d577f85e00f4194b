#include "sched/newborn.h"

#include "base/panic.h"
#include "base/start.h"
#include "os/pages.h"
#include "sched/sched.h"
#include "sched/spawn.h"

enum {
    CHUNK_RECORDS = 512,
    CARVE_RECORDS =
        32, /* linked at once: a page or two, for most programs need no more */
    CHUNKS_MAX = 64 * 1024,
    FREE_RECORDS_MAX = 256,
    POOL_BATCH = 128, /* records that go to the pool, or come from it, at once */
    SEARCH_MAX = 4, /* families looked at for one's own: as many loops that spawn by turns
                          are each served in order */
    MOVED_MAX = 64, /* newborns that change their P at once */
};

_Static_assert(CHUNK_RECORDS % CARVE_RECORDS == 0, "a chunk is carved to its end");

/* Free records beyond what Ps keep, and all chunks ever made. */
AT_START static struct {
    struct lock lock;
    struct newborn
        *free;       /* lock: batches of POOL_BATCH, linked through their first's older */
    uint32_t carved; /* lock: records of the last chunk that were linked */
    uint32_t chunk_count; // atomic, release, written under lock
} pool;

static struct newborn *chunks[CHUNKS_MAX]; /* const below pool.chunk_count */

const struct newborn_map goc__newborn_map = {
    .chunks = chunks,
    .chunk_count = &pool.chunk_count,
    .chunk_records = CHUNK_RECORDS,
};

/* ---- records ------------------------------------------------------------------------- */

/* The chunk that has records which nobody had yet.  Under pool.lock. */
static struct newborn *last_chunk(void)
{
    uint32_t count = load_relaxed(&pool.chunk_count);
    if (count > 0 && pool.carved < CHUNK_RECORDS)
        return chunks[count - 1];
    struct newborn *chunk =
        count < CHUNKS_MAX ? goc__pages_permanent(CHUNK_RECORDS * sizeof *chunk) : NULL;
    if (chunk == NULL)
        goc__fatal("runtime: cannot allocate memory for a goroutine");
    chunks[count] = chunk;
    pool.carved = 0;
    store_release(&pool.chunk_count, count + 1);
    return chunk;
}

/* Fresh records for P, linked in the order of their addresses.  Under pool.lock. */
static void carve(struct p *p)
{
    struct newborn *first = last_chunk() + pool.carved;
    for (uint32_t i = 0; i + 1 < CARVE_RECORDS; i++)
        first[i].next = &first[i + 1];
    pool.carved += CARVE_RECORDS;
    p->free_newborns = first;
    p->free_newborn_count = CARVE_RECORDS;
}

COLD static void refill(struct p *p)
{
    goc__lock(&pool.lock);
    struct newborn *batch = pool.free;
    if (batch != NULL) {
        pool.free = batch->older;
        p->free_newborns = batch;
        p->free_newborn_count = POOL_BATCH;
    } else {
        carve(p);
    }
    goc__unlock(&pool.lock);
}

/* The oldest POOL_BATCH of P's free list stay cold in the pool; the P keeps the rest. */
COLD static void spill(struct p *p)
{
    struct newborn *last_kept = p->free_newborns;
    for (uint32_t i = 1; i < p->free_newborn_count - POOL_BATCH; i++)
        last_kept = last_kept->next;
    struct newborn *batch = last_kept->next;
    last_kept->next = NULL;
    p->free_newborn_count -= POOL_BATCH;
    goc__lock(&pool.lock);
    batch->older = pool.free;
    pool.free = batch;
    goc__unlock(&pool.lock);
}

struct newborn *goc__newborn_take(struct p *p)
{
    if (UNLIKELY(p->free_newborns == NULL))
        refill(p);
    struct newborn *n = p->free_newborns;
    p->free_newborns = n->next;
    p->free_newborn_count--;
    return n;
}

static void give(struct p *p, struct newborn *n)
{
    store_relaxed(&n->id, UINT64_C(0)); /* before what newborn_name writes next */
    n->next = p->free_newborns;
    p->free_newborns = n;
    if (UNLIKELY(++p->free_newborn_count == FREE_RECORDS_MAX))
        spill(p);
}

/* ---- families ------------------------------------------------------------------------ */

static void count_more(struct p *p, uint32_t more)
{
    store_relaxed(&p->newborn_count, load_relaxed(&p->newborn_count) + more);
}

/* The family that begins with N becomes P's youngest. */
static void push_family(struct p *p, struct newborn *n)
{
    n->younger = NULL;
    n->older = p->youngest;
    if (p->youngest != NULL)
        p->youngest->younger = n;
    else
        p->oldest = n;
    p->youngest = n;
}

/* HEAD, a family's first, gives its place to NEXT; NULL: the family is gone. */
static void replace_first(struct p *p, const struct newborn *head, struct newborn *next)
{
    struct newborn *here_older = next != NULL ? next : head->older;
    struct newborn *here_younger = next != NULL ? next : head->younger;
    if (head->younger != NULL)
        head->younger->older = here_older;
    else
        p->youngest = here_older;
    if (head->older != NULL)
        head->older->younger = here_younger;
    else
        p->oldest = here_younger;
}

/* The COUNT oldest of the family that begins with HEAD leave it, as a list that ends in
 * *LAST. */
static void leave_family(struct p *p, struct newborn *head, uint32_t count,
                         struct newborn **last)
{
    struct newborn *end = head;
    for (uint32_t i = 1; i < count; i++)
        end = end->next;
    struct newborn *next = end->next;
    if (next != NULL) {
        next->last = head->last;
        next->older = head->older;
        next->younger = head->younger;
        next->count = head->count - count;
    }
    replace_first(p, head, next);
    end->next = NULL;
    *last = end;
    count_more(p, 0 - count);
}

static struct newborn *own_family(struct p *p, uint64_t creator_id)
{
    struct newborn *family = p->youngest;
    for (int i = 0; family != NULL && i < SEARCH_MAX; i++) {
        if (family->creator_id == creator_id)
            return family;
        family = family->older;
    }
    return NULL;
}

bool goc__newborn_add(struct p *p, struct newborn *n)
{
    bool more = load_relaxed(&p->newborn_count) > 0;
    n->stamp = p->stamp++;
    n->next = NULL;
    struct newborn *family = own_family(p, n->creator_id);
    if (family != NULL) {
        family->last->next = n;
        family->last = n;
        family->count++;
    } else {
        n->last = n;
        n->count = 1;
        push_family(p, n);
    }
    count_more(p, 1);
    return more;
}

static inline struct g *start(struct p *p, struct newborn *head, struct g *heir)
{
    struct newborn *last;
    leave_family(p, head, 1, &last);
    struct g *g = goc__spawn_begin(p, head, heir);
    give(p, head);
    return g;
}

struct g *goc__newborn_start(struct p *p, struct g *heir)
{
    if (heir != NULL && UNLIKELY(heir->small) && !p->youngest->small)
        heir = NULL;
    return start(p, p->youngest, heir);
}

struct g *goc__newborn_start_oldest(struct p *p)
{
    return start(p, p->oldest, NULL);
}

/* ---- to other Ps --------------------------------------------------------------------- */

/* How many of P's oldest family to part with: the older half of an only one, which leaves
 * the owner its work; of one among others all, up to a bound. */
static uint32_t part(const struct p *p)
{
    const struct newborn *head = p->oldest;
    uint32_t count = head == p->youngest ? (head->count + 1) / 2 : head->count;
    return count < MOVED_MAX ? count : MOVED_MAX;
}

uint32_t goc__newborn_steal(struct p *to, struct p *from)
{
    struct newborn *head = from->oldest;
    if (head == NULL)
        return 0;
    uint32_t count = part(from);
    struct newborn *last;
    leave_family(from, head, count, &last);
    for (struct newborn *n = head; n != NULL; n = n->next)
        n->stamp = to->stamp++;
    head->last = last;
    head->count = count;
    push_family(to, head);
    count_more(to, count);
    return count;
}

/* To the end of the global list. */
static void append(struct newborn *first, struct newborn *last, uint32_t count)
{
    if (goc__sched.newborn_last != NULL)
        goc__sched.newborn_last->next = first;
    else
        goc__sched.newborn_first = first;
    goc__sched.newborn_last = last;
    goc__sched.newborns += count;
    store_relaxed(&goc__sched.queued, load_relaxed(&goc__sched.queued) + count);
}

void goc__newborn_share(struct p *p)
{
    struct newborn *head = p->oldest;
    if (load_relaxed(&p->newborn_count) < 2)
        return;
    uint32_t count = part(p);
    struct newborn *last;
    leave_family(p, head, count, &last);
    append(head, last, count);
}

void goc__newborn_drain(struct p *p)
{
    struct newborn *head;
    while ((head = p->oldest) != NULL) {
        struct newborn *last;
        uint32_t count = head->count;
        leave_family(p, head, count, &last);
        append(head, last, count);
    }
}

void goc__newborn_adopt(struct p *p)
{
    struct newborn *head = goc__sched.newborn_first;
    if (head == NULL)
        return;
    struct newborn *last = head;
    head->stamp = p->stamp++;
    uint32_t count = 1;
    for (; count < MOVED_MAX && last->next != NULL; count++) {
        last = last->next;
        last->stamp = p->stamp++;
    }
    goc__sched.newborn_first = last->next;
    if (last->next == NULL)
        goc__sched.newborn_last = NULL;
    goc__sched.newborns -= count;
    store_relaxed(&goc__sched.queued, load_relaxed(&goc__sched.queued) - count);
    last->next = NULL;
    head->last = last;
    head->count = count;
    push_family(p, head);
    count_more(p, count);
}

/* VISIT N, unless it is another's by now than ID's. */
static void visit_record(const struct newborn *n, uint64_t id,
                         void (*visit)(struct g *g, void *argument), void *argument)
{
    struct g g = {.kind = G_GOROUTINE, .status = G_RUNNABLE, .id = id};
    g.entry = load_acquire(&n->entry); /* these pair with newborn_name */
    g.creator_id = load_acquire(&n->creator_id);
    g.creator_pc = load_acquire(&n->creator_pc);
    if (load_relaxed(&n->id) == id)
        visit(&g, argument);
}

void goc__newborn_each(void (*visit)(struct g *g, void *argument), void *argument)
{
    uint32_t count = load_acquire(&pool.chunk_count);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < CHUNK_RECORDS; k++) {
            const struct newborn *n = &chunks[i][k];
            uint64_t id = load_acquire(&n->id); /* pairs with newborn_name */
            if (id != 0)
                visit_record(n, id, visit, argument);
        }
    }
}
