/* Blocks of marks: open, put, grow, close; and the search without a lock. */
#include "state/crowd.h"

#include "base/assert.h"
#include "state/slab.h"

#define GROWN_HALF_MIN 4u // the least that has room for one more beside a full half

static uint64_t versions; // atomic: the last one given to a link

static size_t block_bytes(uint32_t half)
{
    return (size_t)half * 2 * sizeof(struct race__mark);
}

static void link_block(struct race__cell *cell, struct race__crowd crowd)
{
    uint64_t version = fetch_add_relaxed(&versions, 1) + 1;
    uint64_t shift = 32 - (uint64_t)__builtin_clz(crowd.half);
    race__mark_put(&cell->mark[1], (uintptr_t)crowd.head,
                   RACE_TAG_FREE | shift << RACE_LINK_SHIFT |
                       (version & RACE_LINK_VERSION));
}

static struct race__crowd block_new(uint32_t half)
{
    return (struct race__crowd){.head = race__slab_alloc(block_bytes(half)),
                                .half = half};
}

/* A place for a mark of SLOT with TAG's kind; NULL where there is none. */
static struct race__mark *place_for(struct race__crowd crowd, uint32_t slot, uint64_t tag)
{
    if (race__tag_kind(tag) == RACE_KIND_WRITE) {
        struct race__mark *row = race__crowd_row(crowd);
        for (uint32_t i = 0; i < crowd.head->writes; i++)
            if (load_relaxed(&row[i].epoch) == 0)
                return &row[i];
        return crowd.head->writes < crowd.half - 1 ? &row[crowd.head->writes++] : NULL;
    }
    struct race__mark *hashed = race__crowd_hashed(crowd);
    uint32_t at = race__crowd_home(crowd.half, slot);
    for (uint32_t probes = 0; probes < crowd.half; probes++) {
        struct race__mark *place = &hashed[at];
        if (load_relaxed(&place->epoch) == 0 && race__crowd_used(place))
            return place;
        if (!race__crowd_used(place)) {
            if (race__crowd_is_full(crowd, tag))
                return NULL;
            crowd.head->others++;
            return place;
        }
        at = (at + 1) & (crowd.half - 1);
    }
    return NULL;
}

/* Put into a block that has room; says whether it had. */
static bool put(struct race__crowd crowd, uint64_t epoch, uint64_t tag)
{
    race__assert(crowd.head != NULL);
    uint32_t kind = race__tag_kind(tag);
    uint32_t slot = race__epoch_slot((race__epoch){epoch});
    struct race__mark *place = place_for(crowd, slot, tag);
    if (place == NULL)
        return false;
    crowd.head->bytes[kind] |= race__tag_byte_set(tag);
    crowd.head->live++;
    race__mark_put(place, epoch, kind == RACE_KIND_WRITE ? tag : tag | RACE_TAG_LOCK);
    return true;
}

static void move_marks(struct race__crowd to, const struct race__mark *from,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (from[i].epoch != 0) {
            bool done = put(to, from[i].epoch, from[i].tag & ~RACE_TAG_LOCK);
            race__assert(done);
        }
}

/* A block for the same marks with room for one more of each sort. */
static void rebuild(struct race__cell *cell)
{
    struct race__crowd old = race__crowd_of(cell);
    race__assert(old.head != NULL);
    uint32_t half = old.half;
    while (half / 2 > old.head->live)
        half /= 2;
    while (half < GROWN_HALF_MIN || half <= old.head->live + old.head->live / 2)
        half *= 2;
    struct race__crowd crowd = block_new(half);
    move_marks(crowd, race__crowd_row(old), old.head->writes);
    move_marks(crowd, race__crowd_hashed(old), old.half);
    link_block(cell, crowd);
    race__slab_free(old.head, block_bytes(old.half));
}

bool race__crowd_is_full(struct race__crowd crowd, uint64_t tag)
{
    if (race__tag_kind(tag) == RACE_KIND_WRITE)
        return crowd.head->writes >= crowd.half - 1;
    return crowd.head->others >= crowd.half - crowd.half / 4;
}

void race__crowd_open(struct race__cell *cell)
{
    struct race__mark moved = cell->mark[1];
    struct race__crowd crowd = block_new(1u << (RACE_CROWD_SHIFT_MIN - 1));
    if (moved.epoch != 0) {
        bool done = put(crowd, moved.epoch, moved.tag);
        race__assert(done);
    }
    link_block(cell, crowd);
}

void race__crowd_put(struct race__cell *cell, uint64_t epoch, uint64_t tag)
{
    if (put(race__crowd_of(cell), epoch, tag))
        return;
    rebuild(cell);
    bool done = put(race__crowd_of(cell), epoch, tag);
    race__assert(done);
}

void race__crowd_trim(struct race__crowd crowd, struct race__mark *mark, uint64_t bytes)
{
    if (race__mark_trim(mark, bytes))
        crowd.head->live--;
}

void race__crowd_close(struct race__cell *cell)
{
    struct race__crowd crowd = race__crowd_of(cell);
    race__assert(crowd.head != NULL);
    race__mark_remove(&cell->mark[1]);
    race__slab_free(crowd.head, block_bytes(crowd.half));
}

/* In the order of loads that state/shadow.h derives. */
static bool matches(const struct race__mark *mark, race__epoch epoch, uint64_t need,
                    uint64_t avoid)
{
    uint64_t tag = load_acquire(&mark->tag);
    return (tag & (need | avoid)) == need && load_acquire(&mark->epoch) == epoch.raw;
}

static bool row_holds(struct race__crowd crowd, race__epoch epoch, uint64_t need,
                      uint64_t avoid)
{
    uint32_t writes = load_relaxed(&crowd.head->writes);
    for (uint32_t i = 0; i < writes && i < crowd.half - 1; i++)
        if (matches(&race__crowd_row(crowd)[i], epoch, need, avoid))
            return true;
    return false;
}

static bool hash_holds(struct race__crowd crowd, race__epoch epoch, uint64_t need,
                       uint64_t avoid)
{
    const struct race__mark *hashed = race__crowd_hashed(crowd);
    uint32_t at = race__crowd_home(crowd.half, race__epoch_slot(epoch));
    for (uint32_t probes = 0; probes < crowd.half; probes++) {
        if (!race__crowd_used(&hashed[at]))
            return false;
        if (matches(&hashed[at], epoch, need, avoid))
            return true;
        at = (at + 1) & (crowd.half - 1);
    }
    return false;
}

bool race__crowd_holds(const struct race__cell *cell, race__epoch epoch, uint64_t need,
                       uint64_t avoid)
{
    uint64_t link = load_acquire(&cell->mark[1].tag);
    uint64_t block = load_acquire(&cell->mark[1].epoch);
    if (!race__tag_is_link(link) || block == 0 ||
        load_acquire(&cell->mark[1].tag) != link)
        return false;
    struct race__crowd crowd = {.head = (struct race__crowd_head *)(uintptr_t)block,
                                .half = race__link_half(link)};
    if (!row_holds(crowd, epoch, need, avoid) && !hash_holds(crowd, epoch, need, avoid))
        return false;
    fence_acquire();
    return load_relaxed(&cell->mark[1].tag) == link;
}
