/* Blocks in their lines. */
#include "state/block.h"

#include "state/forget.h"
#include "state/slab.h"
#include "state/strand.h"

/* A program of small blocks has one to every few words, so it is packed. */
struct record {
    struct race__thing thing;
    uint64_t size : 55; // addresses have 47 bits
    uint64_t freed : 1;
    uint64_t kind : 8;
    uint32_t birth;
    union {
        uint32_t settled; // alive: race__strands_settled when it began, less one where
                          // that was on
        uint32_t freed_birth;
    };
    uint64_t leaf : RACE_TAG_LEAF_BITS;
    uint64_t freed_leaf : RACE_TAG_LEAF_BITS;
};

_Static_assert(sizeof(struct record) == 32, "two to a line of the cache");

#define LEAF_MASK ((1u << RACE_TAG_LEAF_BITS) - 1)
#define KIND_COUNT 256u

/* atomic: KINDS[i] is set once; the first are set.  A program has a handful, and the last
 * stands for all that find no room. */
static const char *kinds[KIND_COUNT];

static size_t size_max; // atomic: of all blocks ever, bounds the look back

/* In the line of HEAD, which is locked. */
static RACE_INLINE struct record *find(const uint64_t *head, uintptr_t addr)
{
    return (struct record *)race__line_find_in(head, addr, RACE_THING_BLOCK);
}

static uint8_t number_of(const char *kind)
{
    unsigned i = 0;
    for (; i < KIND_COUNT - 1; i++) {
        const char *there = load_acquire(&kinds[i]);
        if (there == kind)
            break;
        if (there == NULL && (cas_acq_rel(&kinds[i], &there, kind) || there == kind))
            break;
    }
    if (unlikely(i == KIND_COUNT - 1))
        store_release(&kinds[i], "memory");
    return (uint8_t)i;
}

const char *race__block_kind(const struct race__block *block)
{
    return load_acquire(&kinds[block->kind]);
}

static void note_size(size_t size)
{
    size_t seen = load_relaxed(&size_max);
    while (seen < size && !cas_acq_rel(&size_max, &seen, size))
        ;
}

/* A record for ADDR in HEAD's line, which is locked. */
static RACE_INLINE struct record *make(uint64_t *head, uintptr_t addr)
{
    struct record *block = race__slab_alloc(sizeof *block);
    race__line_add_to(head, &block->thing, addr, RACE_THING_BLOCK);
    return block;
}

void race__block_drop(uint64_t *head, struct race__thing *thing)
{
    race__line_remove(head, thing);
    race__slab_free(thing, sizeof(struct record));
}

static RACE_INLINE void fill(struct record *block, size_t size, const char *kind,
                             uint32_t birth, uint32_t leaf)
{
    block->size = size & ((UINT64_C(1) << 55) - 1);
    block->kind = number_of(kind);
    block->birth = birth;
    block->leaf = leaf & LEAF_MASK;
    block->freed = 0;
    block->settled = race__strands_settled() - race__strand_is_alone();
}

void race__block_add(uintptr_t addr, size_t size, const char *kind, uint32_t birth,
                     uint32_t leaf)
{
    note_size(size);
    uint64_t *head = race__line_lock(addr);
    struct record *block = find(head, addr);
    fill(block != NULL ? block : make(head, addr), size, kind, birth, leaf);
    race__line_unlock_head(head);
}

void race__block_renew(uintptr_t addr, size_t size, const char *kind, uint32_t birth,
                       uint32_t leaf)
{
    struct record *block = NULL;
    struct race__thing *next;
    uint64_t name = race__thing_name(addr, RACE_THING_BLOCK);
    race__forget_around(addr, size);
    note_size(size);
    uint64_t *head = race__line_lock(addr);
    for (struct race__thing *at = race__line_first_in(head); at != NULL; at = next) {
        uintptr_t there = race__thing_addr(at, addr);
        next = race__thing_next(at);
        if (race__thing_is(at, name))
            block = (struct record *)at;
        else if (there >= addr && there - addr < size)
            race__forget_thing(head, at);
    }
    fill(block != NULL ? block : make(head, addr), size, kind, birth, leaf);
    race__line_unlock_head(head);
}

size_t race__block_free(uintptr_t addr, uint32_t birth, uint32_t leaf, bool *noted)
{
    size_t size = 0;
    *noted = false;
    uint64_t *head = race__line_lock(addr);
    struct record *block = find(head, addr);
    if (block != NULL && !block->freed) {
        size = block->size;
        *noted = block->settled == race__strands_settled();
        block->freed = 1;
        block->freed_birth = birth;
        block->freed_leaf = leaf & LEAF_MASK;
    }
    race__line_unlock_head(head);
    return size;
}

size_t race__block_size(uintptr_t addr)
{
    size_t size = 0;
    uint64_t *head = race__line_lock(addr);
    const struct record *block = find(head, addr);
    if (block != NULL && !block->freed)
        size = block->size;
    race__line_unlock_head(head);
    return size;
}

static struct race__block copy_of(const struct record *record, uintptr_t addr)
{
    return (struct race__block){
        .addr = addr,
        .size = record->size,
        .freed = record->freed,
        .kind = record->kind,
        .birth = record->birth,
        .leaf = record->leaf,
        .freed_birth = record->freed ? record->freed_birth : 0,
        .freed_leaf = record->freed_leaf,
    };
}

/* The block of LINE's line that has ADDR and begins last. */
static bool find_in_line(uintptr_t line, uintptr_t addr, struct race__block *block)
{
    bool found = false;
    if (race__line_is_idle(line))
        return false;
    uint64_t *head = race__line_lock(line);
    for (struct race__thing *at = race__line_first_in(head); at != NULL;
         at = race__thing_next(at)) {
        const struct record *other = (const struct record *)at;
        uintptr_t there = race__thing_addr(at, line);
        if (race__thing_kind(at) != RACE_THING_BLOCK || there > addr ||
            addr - there >= (other->size != 0 ? other->size : 1))
            continue;
        if (!found || there > block->addr)
            *block = copy_of(other, there);
        found = true;
    }
    race__line_unlock_head(head);
    return found;
}

bool race__block_find(uintptr_t addr, struct race__block *block)
{
    uintptr_t line = addr & ~(uintptr_t)(RACE_LINE_SIZE - 1);
    size_t reach = load_relaxed(&size_max);
    uintptr_t low = addr > reach ? addr - reach : 0;
    for (;;) {
        if (!race__shadow_is_live(line)) {
            line &= ~(uintptr_t)(RACE_REGION_SIZE - 1);
        } else if ((load_relaxed(race__shadow_note(line)) & RACE_NOTE_LINES) == 0) {
            line &= ~(uintptr_t)(RACE_NOTE_SIZE - 1);
        } else if (find_in_line(line, addr, block)) {
            return true;
        }
        if (line <= low || line < RACE_LINE_SIZE)
            return false;
        line -= RACE_LINE_SIZE;
    }
}
