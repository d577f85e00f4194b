/* Blocks in their lines. */
#include "state/block.h"

#include "state/forget.h"
#include "state/slab.h"
#include "state/strand.h"

#define KIND_COUNT 256u

/* atomic: KINDS[i] is set once; the first are set.  A program has a handful, and the last
 * stands for all that find no room. */
static const char *kinds[KIND_COUNT];

static size_t size_max; // atomic: of all blocks ever, bounds the look back

/* In the line of HEAD, which is locked. */
static struct race__block *find(const uint64_t *head, uintptr_t addr)
{
    return (struct race__block *)race__line_find_in(head, addr, RACE_THING_BLOCK);
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
static RACE_INLINE struct race__block *make(uint64_t *head, uintptr_t addr)
{
    struct race__block *block = race__slab_alloc(sizeof *block);
    block->thing.addr = addr;
    block->thing.kind = RACE_THING_BLOCK;
    race__line_add_to(head, &block->thing);
    return block;
}

static RACE_INLINE void fill(struct race__block *block, size_t size, const char *kind,
                             uint32_t birth, uint32_t leaf)
{
    block->size = size & ((UINT64_C(1) << 55) - 1);
    block->kind = number_of(kind);
    block->birth = birth;
    block->leaf = leaf;
    block->freed = 0;
    block->thing.note = race__strands_settled() - race__strand_is_alone();
}

void race__block_add(uintptr_t addr, size_t size, const char *kind, uint32_t birth,
                     uint32_t leaf)
{
    note_size(size);
    uint64_t *head = race__line_lock(addr);
    struct race__block *block = find(head, addr);
    fill(block != NULL ? block : make(head, addr), size, kind, birth, leaf);
    race__line_unlock_head(head);
}

void race__block_renew(uintptr_t addr, size_t size, const char *kind, uint32_t birth,
                       uint32_t leaf)
{
    struct race__block *block = NULL;
    struct race__thing *next;
    race__forget_around(addr, size);
    note_size(size);
    uint64_t *head = race__line_lock(addr);
    for (struct race__thing *at = race__line_first_in(head); at != NULL; at = next) {
        next = at->next;
        if (at->addr == addr && at->kind == RACE_THING_BLOCK)
            block = (struct race__block *)at;
        else if (at->addr >= addr && at->addr - addr < size)
            race__forget_thing(at);
    }
    fill(block != NULL ? block : make(head, addr), size, kind, birth, leaf);
    race__line_unlock_head(head);
}

size_t race__block_free(uintptr_t addr, uint32_t birth, uint32_t leaf)
{
    size_t size = 0;
    uint64_t *head = race__line_lock(addr);
    struct race__block *block = find(head, addr);
    if (block != NULL && !block->freed) {
        size = block->size;
        block->freed = 1;
        block->freed_birth = birth;
        block->freed_leaf = leaf;
    }
    race__line_unlock_head(head);
    return size;
}

size_t race__block_size(uintptr_t addr)
{
    size_t size = 0;
    uint64_t *head = race__line_lock(addr);
    const struct race__block *block = find(head, addr);
    if (block != NULL && !block->freed)
        size = block->size;
    race__line_unlock_head(head);
    return size;
}

bool race__block_is_noted(uintptr_t addr)
{
    uint64_t *head = race__line_lock(addr);
    const struct race__block *block = find(head, addr);
    bool noted = block != NULL && block->thing.note == race__strands_settled();
    race__line_unlock_head(head);
    return noted;
}

/* The block of LINE's line that has ADDR and begins last. */
static bool find_in_line(uintptr_t line, uintptr_t addr, struct race__block *block)
{
    bool found = false;
    if (race__line_is_idle(line))
        return false;
    race__line_lock(line);
    for (struct race__thing *at = race__line_first(line); at != NULL; at = at->next) {
        const struct race__block *other = (const struct race__block *)at;
        if (at->kind != RACE_THING_BLOCK || at->addr > addr ||
            addr - at->addr >= (other->size != 0 ? other->size : 1))
            continue;
        if (!found || at->addr > block->thing.addr)
            *block = *other;
        found = true;
    }
    race__line_unlock(line);
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
