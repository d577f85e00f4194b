/* Blocks of marks: open, put, grow, close; and the search without a lock. */
#include "state/crowd.h"

#include "base/assert.h"
#include "state/slab.h"

#include <goc/race_inline.h>

#define LINK_ADDRESS_SHIFT 21 // 43 bits, in sixteenths, up to the top
#define LINK_SHIFT_MASK 0xffu // log2 of half a block's places
#define LINK (UINT64_C(1) << RACE_CELL_FREE_BIT)
#define VERSIONS_A_BLOCK_SHIFT 24        // beyond, a block's go on into the next one's
#define VERSION_MARK (UINT64_C(1) << 63) // no pointer has it
#define LOG_BYTES_FIRST 1024u
/* Beyond, reads of strands that came by turns are one a strand again. */
#define LOG_BYTES_MAX 32768u

static uint64_t blocks; // atomic: made so far

static size_t block_bytes(uint32_t half)
{
    return (size_t)half * 2 * sizeof(struct race__mark);
}

uint64_t race__crowd_link(struct race__crowd crowd)
{
    return (uint64_t)(uintptr_t)crowd.head / sizeof(struct race__mark)
               << LINK_ADDRESS_SHIFT |
           LINK | (31 - (uint64_t)__builtin_clz(crowd.half));
}

struct race__crowd race__crowd_of_link(uint64_t link)
{
    uintptr_t address = (link >> LINK_ADDRESS_SHIFT) * sizeof(struct race__mark);
    return (struct race__crowd){.head = (struct race__crowd_head *)address,
                                .half = 1u << (link & LINK_SHIFT_MASK)};
}

static struct race__crowd block_new(uint32_t half)
{
    struct race__crowd crowd = {.head = race__slab_alloc(block_bytes(half)),
                                .half = half};
    uint64_t number = fetch_add_relaxed(&blocks, 1) + 1;
    store_release(&crowd.head->version, VERSION_MARK | number << VERSIONS_A_BLOCK_SHIFT);
    return crowd;
}

static size_t log_bytes(uint32_t room)
{
    return sizeof(struct race__log) + room * sizeof(struct race__mark);
}

static void log_free(struct race__log *log)
{
    if (log != NULL)
        race__slab_free(log, log_bytes(log->room));
}

static void block_free(struct race__crowd crowd)
{
    log_free(race__crowd_log(crowd));
    store_relaxed(&crowd.head->version, 0);
    race__slab_free(crowd.head, block_bytes(crowd.half));
}

static struct race__mark *small_place(struct race__crowd crowd)
{
    uint32_t count;
    struct race__mark *places = race__crowd_places(crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        if (load_relaxed(&places[i].epoch) == 0)
            return &places[i];
    return NULL;
}

/* A place for a mark of SLOT with TAG's kind; NULL where there is none. */
static struct race__mark *place_for(struct race__crowd crowd, uint32_t slot, uint64_t tag)
{
    if (race__crowd_is_small(crowd))
        return small_place(crowd);
    if (race__tag_kind(tag) == RACE_KIND_WRITE) {
        struct race__mark *row = race__crowd_row(crowd);
        for (uint32_t i = 0; i < crowd.head->writes; i++)
            if (load_relaxed(&row[i].epoch) == 0)
                return &row[i];
        return crowd.head->writes < race__crowd_row_places(crowd)
                   ? &row[crowd.head->writes++]
                   : NULL;
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

/* Epoch and tag of a place that others may be reading.  Between the two stores of the
 * version, the second of which they cannot see without all that is between. */
static void fill(struct race__crowd crowd, struct race__mark *place, uint64_t epoch,
                 uint64_t tag)
{
    uint64_t version = crowd.head->version;
    store_relaxed(&crowd.head->version, version + 1);
    fence_release();
    store_relaxed(&place->epoch, epoch);
    store_relaxed(&place->tag, tag);
    store_release(&crowd.head->version, version + 2);
}

/* Put into a block that has room; says whether it had. */
static bool put(struct race__crowd crowd, uint64_t epoch, uint64_t tag)
{
    uint32_t kind = race__tag_kind(tag);
    uint32_t slot = race__epoch_slot((race__epoch){epoch});
    struct race__mark *place = place_for(crowd, slot, tag);
    if (place == NULL)
        return false;
    crowd.head->bytes[kind] |= race__tag_byte_set(tag);
    crowd.head->live++;
    fill(crowd, place, epoch, kind == RACE_KIND_WRITE ? tag : tag | RACE_TAG_USED);
    return true;
}

static void move_marks(struct race__crowd to, const struct race__mark *from,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (from[i].epoch != 0) {
            bool done = put(to, from[i].epoch, from[i].tag & ~RACE_TAG_USED);
            race__assert(done);
        }
}

/* Is the smallest of the large blocks enough for OLD, a small one, and TAG? */
static bool fits_smallest(struct race__crowd old, uint64_t tag)
{
    uint32_t count;
    const struct race__mark *places = race__crowd_places(old, &count);
    uint32_t writes = race__tag_kind(tag) == RACE_KIND_WRITE;
    for (uint32_t i = 0; i < count; i++)
        writes += race__tag_kind(places[i].tag) == RACE_KIND_WRITE;
    return writes != 0 && writes <= RACE_CROWD_HALF_MIN - RACE_CROWD_HEAD;
}

/* How large a block for OLD's marks and one more, of TAG's kind, is. */
static uint32_t half_for(struct race__crowd old, uint64_t tag)
{
    uint32_t half = old.half;
    uint32_t live = old.head->live;
    if (live < RACE_CROWD_SMALL && race__crowd_log(old) == NULL)
        return RACE_CROWD_HALF_SMALL;
    if (race__crowd_is_small(old) && fits_smallest(old, tag))
        return RACE_CROWD_HALF_MIN;
    while (half / 2 > live)
        half /= 2;
    while (half < RACE_CROWD_HALF_MIN * 2 || half - RACE_CROWD_HEAD <= live + live / 2)
        half *= 2;
    return half;
}

/* A block for the same marks with room for one more, of TAG's kind at least. */
static struct race__crowd rebuilt(struct race__crowd old, uint64_t tag)
{
    struct race__crowd crowd = block_new(half_for(old, tag));
    uint32_t count;
    const struct race__mark *places = race__crowd_places(old, &count);
    move_marks(crowd, places, count);
    if (race__crowd_log(old) != NULL) {
        crowd.head->log = old.head->log;
        old.head->log = NULL;
    }
    block_free(old);
    return crowd;
}

bool race__crowd_is_full(struct race__crowd crowd, uint64_t tag)
{
    if (race__crowd_is_small(crowd))
        return crowd.head->live == RACE_CROWD_SMALL;
    if (race__tag_kind(tag) == RACE_KIND_WRITE)
        return crowd.head->writes >= race__crowd_row_places(crowd);
    return crowd.head->others >= crowd.half - crowd.half / 4;
}

struct race__crowd race__crowd_open(void)
{
    return block_new(RACE_CROWD_HALF_SMALL);
}

void race__crowd_put(struct race__crowd *crowd, uint64_t epoch, uint64_t tag)
{
    if (put(*crowd, epoch, tag))
        return;
    *crowd = rebuilt(*crowd, tag);
    bool done = put(*crowd, epoch, tag);
    race__assert(done);
}

void race__crowd_trim(struct race__crowd crowd, struct race__mark *mark, uint64_t bytes)
{
    uint64_t tag = load_relaxed(&mark->tag) & ~bytes;
    if ((tag & RACE_TAG_BYTES) != 0) {
        store_release(&mark->tag, tag);
        return;
    }
    store_relaxed(&mark->epoch, 0);
    store_release(&mark->tag, tag & RACE_TAG_USED);
    crowd.head->live--;
}

void race__crowd_renew(struct race__crowd crowd, struct race__mark *mark, uint64_t epoch,
                       uint64_t tag)
{
    crowd.head->bytes[race__tag_kind(tag)] |= race__tag_byte_set(tag);
    fill(crowd, mark, epoch, tag | RACE_TAG_USED);
}

void race__crowd_widen(struct race__crowd crowd, struct race__mark *mark, uint64_t bytes)
{
    uint64_t tag = load_relaxed(&mark->tag) | bytes;
    crowd.head->bytes[race__tag_kind(tag)] |= race__tag_byte_set(tag);
    store_release(&mark->tag, tag);
}

/* A log of twice the room, with what is in OLD, which goes; NULL is none. */
static struct race__log *log_grown(struct race__log *old)
{
    size_t bytes = old == NULL ? LOG_BYTES_FIRST : log_bytes(old->room) * 2;
    struct race__log *log = race__slab_take(bytes);
    *log = old != NULL ? *old : (struct race__log){.count = 0};
    for (uint32_t i = 0; i < log->count; i++)
        log->mark[i] = old->mark[i];
    log->room = (uint32_t)((bytes - sizeof *log) / sizeof *log->mark);
    log_free(old);
    return log;
}

bool race__crowd_note(struct race__crowd crowd, uint64_t epoch, uint64_t tag)
{
    struct race__log *log = crowd.head->log;
    if (unlikely(log == NULL || log->count == log->room)) {
        if (log != NULL && log_bytes(log->room) == LOG_BYTES_MAX)
            return false;
        log = crowd.head->log = log_grown(log);
    }
    log->mark[log->count++] = (struct race__mark){.epoch = epoch, .tag = tag};
    log->bytes |= tag & RACE_TAG_BYTES;
    return true;
}

/* Is a read like MARK in its slot's places?  Then that becomes the later of the two, which stands
 * for the other: a slot's epochs are one after the other. */
static bool renew_same(struct race__crowd crowd, const struct race__mark *mark)
{
    struct race__mark *hashed = race__crowd_hashed(crowd);
    uint32_t slot = race__epoch_slot((race__epoch){mark->epoch});
    uint32_t at = race__crowd_home(crowd.half, slot);
    for (uint32_t probes = 0; probes < crowd.half && race__crowd_used(&hashed[at]);
         probes++, at = (at + 1) & (crowd.half - 1)) {
        uint64_t differs = hashed[at].tag ^ mark->tag;
        if (race__epoch_slot((race__epoch){hashed[at].epoch}) != slot ||
            (differs & (RACE_TAG_KIND | RACE_TAG_BYTES)) != 0)
            continue;
        if (hashed[at].epoch < mark->epoch)
            race__crowd_renew(crowd, &hashed[at], mark->epoch, mark->tag);
        return true;
    }
    return false;
}

void race__crowd_unlog(struct race__crowd *crowd)
{
    struct race__log *log = crowd->head->log;
    crowd->head->log = NULL;
    for (uint32_t i = 0; i < log->count; i++)
        if (!renew_same(*crowd, &log->mark[i]))
            race__crowd_put(crowd, log->mark[i].epoch, log->mark[i].tag);
    log_free(log);
}

uint32_t race__crowd_forget_known(struct race__crowd crowd)
{
    struct race__log *log = crowd.head->log;
    uint32_t known = log->known;
    if (known == log->count) {
        crowd.head->log = NULL;
        log_free(log);
        return known;
    }
    for (uint32_t i = known; i < log->count; i++)
        log->mark[i - known] = log->mark[i];
    log->count -= known;
    log->known = 0;
    log->by = race__no_epoch;
    return known;
}

void race__crowd_close(struct race__crowd crowd)
{
    block_free(crowd);
}

static bool matches(const struct race__mark *mark, race__run run, uint64_t need,
                    uint64_t avoid)
{
    return (load_relaxed(&mark->tag) & (need | avoid)) == need &&
           race__run_has(run, load_relaxed(&mark->epoch));
}

static bool row_holds(struct race__crowd crowd, race__run run, uint64_t need,
                      uint64_t avoid)
{
    uint32_t writes = load_relaxed(&crowd.head->writes);
    for (uint32_t i = 0; i < writes && i < race__crowd_row_places(crowd); i++)
        if (matches(&race__crowd_row(crowd)[i], run, need, avoid))
            return true;
    return false;
}

static bool hash_holds(struct race__crowd crowd, race__run run, uint64_t need,
                       uint64_t avoid)
{
    const struct race__mark *hashed = race__crowd_hashed(crowd);
    uint32_t at = race__crowd_home(crowd.half, race__epoch_slot(run.last));
    for (uint32_t probes = 0; probes < crowd.half; probes++) {
        if (!race__crowd_used(&hashed[at]))
            return false;
        if (matches(&hashed[at], run, need, avoid))
            return true;
        at = (at + 1) & (crowd.half - 1);
    }
    return false;
}

static bool small_holds(struct race__crowd crowd, race__run run, uint64_t need,
                        uint64_t avoid)
{
    uint32_t count;
    const struct race__mark *places = race__crowd_places(crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        if (matches(&places[i], run, need, avoid))
            return true;
    return false;
}

bool race__crowd_holds(struct race__crowd crowd, race__run run, uint64_t need,
                       uint64_t avoid)
{
    uint64_t version = load_acquire(&crowd.head->version);
    if (version % 2 != 0)
        return false;
    bool found = race__crowd_is_small(crowd) ? small_holds(crowd, run, need, avoid)
                                             : row_holds(crowd, run, need, avoid) ||
                                                   hash_holds(crowd, run, need, avoid);
    if (!found)
        return false;
    fence_acquire();
    return load_relaxed(&crowd.head->version) == version;
}
