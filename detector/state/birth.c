/* A ring of pages of records over reserved address space. */
#include "state/birth.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/compiler.h"
#include "base/pages.h"
#include "state/limit.h"

#define PLACE_BITS 28
#define PLACE_COUNT (1u << PLACE_BITS)
#define PAGE_PLACES 128u
#define PAGE_COUNT (PLACE_COUNT / PAGE_PLACES)
#define RUN_PAGES ((uint32_t)(RACE_HUGE_PAGE_SIZE / RACE_PAGE_SIZE))
#define RUN_PLACES (1u << 16)
#define RUN_COUNT (PLACE_COUNT / RUN_PLACES)
#define RUNS_KEPT (RACE_BIRTHS_KEPT / RUN_PLACES)
#define LEAF_BITS 28
#define NAME_BITS 60

/* A record as it is kept.  NUMBER comes last and goes first. */
struct place {
    uint64_t first_clock : RACE_CLOCK_BITS;
    uint64_t leaf : LEAF_BITS;
    uint64_t name : NAME_BITS;
    uint64_t kind : 64 - NAME_BITS;
    uint32_t parent;
    uint32_t previous;
    uint32_t same;
    uint32_t number; // atomic: whose record it is, 0 for nobody's
};

_Static_assert(sizeof(struct place) * PAGE_PLACES == RACE_PAGE_SIZE, "pages are full");
_Static_assert(RACE_CLOCK_BITS + LEAF_BITS <= 64, "a word");
_Static_assert(RUN_PLACES == RUN_PAGES * PAGE_PLACES, "a run is a huge page");
_Static_assert(RACE_BIRTHS_KEPT % RUN_PLACES == 0, "kept for so many runs");

uint32_t race__birth_next = 1;
static struct place *places;
static uint32_t *stays; // race__life: of each page, who has not ended, and creators

/* Behind the first run records come in huge pages: a program that begins so many strands writes
 * 32 bytes for each, and a fault in 128 of them takes longer than that. */
void race__birth_init(void)
{
    places = race__pages_reserve((size_t)PLACE_COUNT * sizeof *places, "strands' births");
    if (race__limit == 0)
        race__pages_dense(places + RUN_PLACES,
                          ((size_t)PLACE_COUNT - RUN_PLACES) * sizeof *places);
    stays = race__pages_reserve((size_t)PAGE_COUNT * sizeof *stays, "strands' births");
}

static struct place *place_of(uint32_t number)
{
    return &places[number % PLACE_COUNT];
}

static uint32_t page_of(uint32_t number)
{
    return number % PLACE_COUNT / PAGE_PLACES;
}

static uint32_t run_of(uint32_t page)
{
    return page / RUN_PAGES;
}

static void release(uint32_t page, uint32_t count)
{
    race__pages_release(&places[(size_t)page * PAGE_PLACES], count * RACE_PAGE_SIZE);
}

/* Have so many begun after those of PAGE's run that it need not stay? */
static bool is_past(uint32_t page)
{
    uint32_t run = run_of(page_of(load_relaxed(&race__birth_next)));
    return (run - run_of(page)) % RUN_COUNT > RUNS_KEPT;
}

/* The run of PAGE, its first, begins: the one that is past now goes, but for pages that stay. */
static void begin_run(uint32_t page)
{
    uint32_t past = (run_of(page) - RUNS_KEPT - 1) % RUN_COUNT * RUN_PAGES;
    uint32_t end = past + RUN_PAGES;
    while (past < end) {
        uint32_t count = 0;
        while (past + count < end && stays[past + count] == 0)
            count++;
        if (count != 0)
            release(past, count);
        past += count + 1;
    }
}

/* The next page begins, or a later one where somebody is still on it from the last time around. */
static void begin_page(void)
{
    uint32_t first = load_relaxed(&race__birth_next);
    for (;; first += PAGE_PLACES) {
        if (page_of(first) % RUN_PAGES == 0)
            begin_run(page_of(first));
        if (stays[page_of(first)] == 0)
            break;
    }
    store_relaxed(&race__birth_next, first);
}

static void stay(uint32_t number)
{
    stays[page_of(number)]++;
}

static void leave(uint32_t number)
{
    uint32_t page = page_of(number);
    race__assert(stays[page] != 0);
    if (--stays[page] == 0 && is_past(page))
        release(page, 1);
}

uint32_t race__birth_begin(void)
{
    if (load_relaxed(&race__birth_next) % PAGE_PLACES == 0)
        begin_page();
    uint32_t number = load_relaxed(&race__birth_next);
    if (number == 0)
        number = 1; // 0 is nobody's, the next time around too
    store_relaxed(&race__birth_next, number + 1);
    store_relaxed(&place_of(number)->number,
                  0); // a page is written before it is read: one fault
    stay(number);
    return number;
}

void race__birth_write(uint32_t number, const struct race__birth *birth)
{
    struct place *place = place_of(number);
    bool is_new = load_relaxed(&place->number) != number;
    if (birth->parent != 0 && (is_new || place->parent == 0))
        stay(birth->parent); // whose parent is known stays his
    store_release(&place->number, 0);
    fence_release(); // pairs with race__birth_at's
    place->first_clock = birth->first_clock & RACE_CLOCK_MAX;
    place->leaf = birth->leaf & ((1u << LEAF_BITS) - 1);
    place->name = birth->name & ((UINT64_C(1) << NAME_BITS) - 1);
    place->kind = birth->kind & ((1u << (64 - NAME_BITS)) - 1);
    place->parent = birth->parent;
    place->previous = birth->previous;
    place->same = birth->same;
    store_release(&place->number, number); // pairs with race__birth_at's acquire
}

void race__birth_end(uint32_t number)
{
    uint32_t parent = place_of(number)->parent;
    if (parent != 0)
        leave(parent);
    leave(number);
}

/* A page that goes meanwhile reads as zeros, and another record has another number. */
struct race__birth race__birth_at(uint32_t number)
{
    const struct place *place = place_of(number);
    if (number == 0 || load_acquire(&place->number) != number)
        return (struct race__birth){.first_clock = 0};
    struct race__birth birth = {.first_clock = place->first_clock,
                                .name = place->name,
                                .parent = place->parent,
                                .leaf = (uint32_t)place->leaf,
                                .previous = place->previous,
                                .same = place->same,
                                .kind = (uint32_t)place->kind};
    fence_acquire();
    if (load_relaxed(&place->number) != number)
        return (struct race__birth){.first_clock = 0};
    return birth;
}

bool race__birth_is_kept(uint32_t number)
{
    return number != 0 && load_relaxed(&place_of(number)->number) == number;
}
