/* Blocks of memory: their beginning forgets what was there, their end is a write of all. */
#include "entry/heap.h"

#include "base/pages.h"
#include "entry/access.h"
#include "entry/blocks.h"
#include "entry/boot.h"
#include "state/block.h"
#include "state/forget.h"
#include "state/limit.h"
#include "state/strand.h"

#define HEAP "heap"
/* A block's end marks so many of its bytes even where nobody has touched them, to see who
 * uses them later; beyond, only KiBs that were touched, or a large block's end would
 * commit shadow for all of it. */
#define END_MARKED_MAX 1024
#define PAGES_ASKED 256 // of a large block, at once

/* A thread without a strand may be at its end, where nobody settles for it any more what it
 * took away. */
static void forget(const goc_strand *strand, uintptr_t addr, size_t size)
{
    race__forget(addr, size);
    if (strand == NULL)
        race__moment_cache_end();
}

#define GROWN ((uintptr_t)128 << 10) // as glibc grows a heap at least: its M_TOP_PAD

/* A heap whose blocks reach the border of an area of cells as large as a huge page grows
 * over it, and will go on: the cells of that area may come in one.  A strand that is alone
 * reads them before anybody writes them; so it is asked when the area's first block begins,
 * for once read in small pages they stay small, and it is never asked again.  At most one huge page
 * a heap is committed ahead of need.  (A list of 200,000 blocks: 3000 faults less.) */
static RACE_COLD void enter_kib(uintptr_t addr)
{
    uintptr_t into = (uintptr_t)race__shadow_cell(addr) % RACE_HUGE_PAGE_SIZE;
    uintptr_t area = (addr & ~(uintptr_t)(RACE_WORD_SIZE - 1)) - into;
    if (race__limit != 0) // pages of a huge one do not go
        return;
    race__shadow_enliven(area);
    if ((fetch_or_acq_rel(race__shadow_note(area), RACE_NOTE_ASKED) & RACE_NOTE_ASKED) ==
            0 &&
        race__shadow_noted(area - GROWN, area, RACE_NOTE_LINES) != area)
        race__pages_dense(race__shadow_cell(area), RACE_HUGE_PAGE_SIZE);
}

void race__block_begin(uintptr_t addr, size_t size, const char *kind, const void *pc)
{
    goc_strand *strand = race__self.strand;
    if (!race__is_up() || !race__enter())
        return;
    if (kind == NULL) {
        race__forget(addr, size);
    } else {
        if (unlikely((load_relaxed(race__shadow_note(addr)) & RACE_NOTE_LINES) == 0))
            enter_kib(addr);
        race__block_renew(addr, size, kind, strand == NULL ? 0 : strand->birth,
                          strand == NULL ? 0 : race__strand_leaf(strand, pc));
    }
    if (strand == NULL)
        race__moment_cache_end();
    race__leave();
}

/* A block of the program's heap is large where it is to be used; its cells then come in
 * huge pages, which take a fault for 512 and a fraction of the processor's translations.
 * (A hash table of 32 MiB at random places: 16,000 faults less.) */
#define DENSE_MIN (2 * RACE_HUGE_PAGE_SIZE)

static uintptr_t least(uintptr_t a, uintptr_t b)
{
    return a < b ? a : b;
}

/* KiBs of which there is a note. */
static void mark_noted(goc_strand *strand, uintptr_t addr, uintptr_t end, const void *pc)
{
    while ((addr = race__shadow_noted(addr, end, RACE_NOTE_MARKS)) < end) {
        uintptr_t next = least((addr | (RACE_NOTE_SIZE - 1)) + 1, end);
        race__access(strand, addr, next - addr, RACE_TAG_WRITE | RACE_TAG_FREE, pc);
        addr = next;
    }
}

/* Pages that are in memory too: a strand that is alone takes no notes of what it touches.  The
 * first page and the last one are, for what they have beside the block, if only malloc's
 * notes: the kernel is asked about those between. */
static void mark_resident(goc_strand *strand, uintptr_t addr, uintptr_t end,
                          const void *pc)
{
    uintptr_t whole = (addr + RACE_PAGE_SIZE - 1) / RACE_PAGE_SIZE * RACE_PAGE_SIZE;
    uintptr_t last = end / RACE_PAGE_SIZE * RACE_PAGE_SIZE;
    if (whole >= last) {
        race__access(strand, addr, end - addr, RACE_TAG_WRITE | RACE_TAG_FREE, pc);
        return;
    }
    unsigned char resident[PAGES_ASKED];
    while (addr < end) {
        uintptr_t first = addr / RACE_PAGE_SIZE;
        uintptr_t stop = least((first + PAGES_ASKED) * RACE_PAGE_SIZE, end);
        race__pages_resident(addr, stop - addr, resident);
        while (addr < stop) {
            uintptr_t next = least((addr / RACE_PAGE_SIZE + 1) * RACE_PAGE_SIZE, stop);
            if (resident[addr / RACE_PAGE_SIZE - first] != 0)
                race__access(strand, addr, next - addr, RACE_TAG_WRITE | RACE_TAG_FREE,
                             pc);
            else
                mark_noted(strand, addr, next, pc);
            addr = next;
        }
    }
}

/* The end of [ADDR, ADDR + SIZE) as an access. */
static void mark_end(goc_strand *strand, uintptr_t addr, size_t size, bool noted,
                     const void *pc)
{
    uintptr_t end = addr + size;
    size_t first = least(size, END_MARKED_MAX);
    race__access(strand, addr, first, RACE_TAG_WRITE | RACE_TAG_FREE, pc);
    if (first == size)
        return;
    if (noted)
        mark_noted(strand, addr + first, end, pc);
    else
        mark_resident(strand, addr + first, end, pc);
}

/* Ends the block at ADDR, of *SIZE bytes; of a block of size 0 it is whatever the block's
 * record says, 0 for none.  One look at the record does for both. */
static void end_block(uintptr_t addr, size_t size, const void *pc)
{
    goc_strand *strand = race__self.strand;
    if (!race__is_up() || !race__enter())
        return;
    uint32_t leaf = strand == NULL ? 0 : race__strand_leaf(strand, pc);
    bool noted;
    size_t known =
        race__block_free(addr, strand == NULL ? 0 : strand->birth, leaf, &noted);
    size = size != 0 ? size : known;
    bool is_small = size <= END_MARKED_MAX;
    if (strand == NULL && size != 0)
        forget(strand, addr, size);
    bool is_over = size == 0 || race__watched() == NULL ||
                   (is_small && race__access_end(strand, addr, size, leaf));
    race__leave();
    if (!is_over)
        mark_end(strand, addr, size, noted, pc);
}

void race__block_end(uintptr_t addr, size_t size, const void *pc)
{
    end_block(addr, size, pc);
}

void race__heap_alloc(const void *addr, size_t size, const void *pc)
{
    if (addr == NULL)
        return;
    race__block_begin((uintptr_t)addr, size, HEAP, pc);
    if (unlikely(size >= DENSE_MIN) && race__limit == 0) // pages of a huge one do not go
        race__pages_dense(race__shadow_cell((uintptr_t)addr), size);
}

void race__heap_free(const void *addr, const void *pc)
{
    if (addr != NULL)
        end_block((uintptr_t)addr, 0, pc);
}

size_t race__heap_size(const void *addr)
{
    size_t size = 0;
    if (addr == NULL || !race__is_up() || !race__enter())
        return 0;
    size = race__block_size((uintptr_t)addr);
    race__leave();
    return size;
}

void race__object_new(const void *addr, size_t size)
{
    struct race__block block;
    if (!race__is_up() || !race__enter())
        return;
    bool is_first = race__block_find((uintptr_t)addr, &block) &&
                    block.addr == (uintptr_t)addr && !block.freed;
    race__forget((uintptr_t)addr, size);
    if (is_first)
        race__block_add((uintptr_t)addr, block.size, race__block_kind(&block),
                        block.birth, block.leaf);
    race__leave();
}
