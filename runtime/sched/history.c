#include "sched/history.h"

#include "base/panic.h"
#include "os/clock.h"
#include "os/pages.h"
#include "sched/sched.h"
#include "sched/thread.h"

#define SETTLE_NS INT64_C(10000000)

struct ring {
    struct ring *next; /* const once listed */
    uint64_t told;     /* reader: records that it has given away */
    uint64_t written;  // atomic, release by the owner: records ever written
    uint32_t busy;     // atomic: 1 while the owner writes
    struct record records[];
};

static struct {
    uint32_t capacity;  /* const after the start: records a ring */
    uint32_t stopped;   // atomic: 1 once nobody may write
    struct ring *rings; // atomic: pushed by cas, before its owner looks at stopped
} history;

static struct ring *new_ring(struct m *m)
{
    size_t bytes = sizeof(struct ring) + history.capacity * sizeof(struct record);
    char *memory;
    /* Committed as it fills. */
    if (goc__pages_reserve((bytes + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES,
                           &memory) != 0)
        return NULL;
    struct ring *ring = (struct ring *)(void *)memory;
    ring->next = load_relaxed(&history.rings);
    while (!cas_seq_cst(&history.rings, &ring->next, ring))
        continue;
    m->ring = ring;
    return ring;
}

static void write(struct m *m, struct record record)
{
    struct ring *ring = m->ring != NULL ? m->ring : new_ring(m);
    if (ring == NULL)
        return;
    store_seq_cst(&ring->busy, 1u);
    if (load_seq_cst(&history.stopped) == 0) {
        uint64_t number = load_relaxed(&ring->written);
        ring->records[number % history.capacity] = record;
        store_release(&ring->written, number + 1);
    }
    store_release(&ring->busy, 0u);
}

static uint64_t strand_of(const struct g *g)
{
    if (g == NULL)
        return 0;
    if (g->kind == G_THREAD)
        return HISTORY_THREAD | (uint32_t)goc__thread_tid(g);
    return load_relaxed(&g->id);
}

int goc__history_start(uint32_t records)
{
    history.capacity = records;
    return goc__toggle_on();
}

void goc__history_stop(void)
{
    store_seq_cst(&history.stopped, 1u);
    int64_t end = goc__clock_now() + SETTLE_NS;
    const struct ring *own = goc__m()->ring; /* interrupted by a signal, perhaps */
    /* seq_cst, as the push: who has not seen the stop is seen here. */
    for (const struct ring *ring = load_seq_cst(&history.rings); ring != NULL;
         ring = ring->next)
        while (ring != own && load_seq_cst(&ring->busy) != 0 && goc__clock_now() < end)
            cpu_relax();
}

/* RING's oldest record that was not given away; NULL: there is none. */
static const struct record *oldest(struct ring *ring)
{
    uint64_t written = load_acquire(&ring->written);
    if (written > history.capacity && ring->told < written - history.capacity)
        ring->told = written - history.capacity;
    return ring->told < written ? &ring->records[ring->told % history.capacity] : NULL;
}

bool goc__history_next(struct record *record)
{
    const struct record *best = NULL;
    struct ring *from = NULL;
    for (struct ring *ring = load_acquire(&history.rings); ring != NULL;
         ring = ring->next) {
        const struct record *candidate = oldest(ring);
        if (candidate != NULL && (best == NULL || candidate->time < best->time)) {
            best = candidate;
            from = ring;
        }
    }
    if (best == NULL)
        return false;
    *record = *best;
    from->told++;
    return true;
}

uint64_t goc__history_lost(void)
{
    uint64_t lost = 0;
    for (const struct ring *ring = load_acquire(&history.rings); ring != NULL;
         ring = ring->next) {
        uint64_t written = load_acquire(&ring->written);
        lost += written > history.capacity ? written - history.capacity : 0;
    }
    return lost;
}

HISTORY_CALL void goc__history_spawned(uint64_t id, void (*entry)(void *), const void *pc)
{
    struct m *m = goc__m();
    write(m, (struct record){.time = goc__clock_now(),
                             .strand = id,
                             .other = strand_of(m->g),
                             .object = (const void *)(uintptr_t)entry,
                             .pc = pc,
                             .happening = HAPPENS_SPAWN});
}

HISTORY_CALL void goc__history_runs(struct m *m, const struct g *g)
{
    write(m, (struct record){.time = goc__clock_now(),
                             .strand = strand_of(g),
                             .p = m->p != NULL ? m->p->id : HISTORY_NO_P,
                             .happening = HAPPENS_RUN});
}

HISTORY_CALL void goc__history_left(struct m *m, const struct g *g, const struct g *next)
{
    static const enum happening happenings[] = {
        [G_WAITING] = HAPPENS_WAIT, [G_DEAD] = HAPPENS_END, [G_RUNNABLE] = HAPPENS_YIELD};
    enum g_status status = goc__status(g);
    bool waits = status == G_WAITING;
    write(m, (struct record){.time = goc__clock_now(),
                             .strand = strand_of(g),
                             .object = waits ? g->object : NULL,
                             .happening = (uint8_t)happenings[status],
                             .reason = waits ? g->reason : (uint8_t)WAIT_NONE});
    if (next != NULL)
        goc__history_runs(m, next);
}

HISTORY_CALL void goc__history_replaced(const struct g *g, uint64_t id)
{
    struct m *m = goc__m();
    int64_t now = goc__clock_now();
    write(m,
          (struct record){.time = now, .strand = strand_of(g), .happening = HAPPENS_END});
    write(m, (struct record){
                 .time = now, .strand = id, .p = m->p->id, .happening = HAPPENS_RUN});
}

HISTORY_CALL void goc__history_ready(struct m *m, const struct g *g)
{
    write(m, (struct record){.time = goc__clock_now(),
                             .strand = strand_of(g),
                             .other = strand_of(m->g),
                             .happening = HAPPENS_READY});
}

HISTORY_CALL void goc__history_lost_p(struct m *self, const struct g *g, int64_t time,
                                      bool hog)
{
    write(self, (struct record){.time = time,
                                .strand = strand_of(g),
                                .happening = hog ? HAPPENS_HOG : HAPPENS_OUTSIDE});
}
