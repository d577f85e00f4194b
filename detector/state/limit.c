/* Looking at the resident memory, and the hand that gives marks back. */
#include "state/limit.h"

#include "base/flags.h"
#include "base/out.h"
#include "base/pages.h"
#include "base/sys.h"
#include "state/audience.h"
#include "state/cell.h"
#include "state/strand.h"
#include "state/sweep.h"

#include <fcntl.h>
#include <stdbool.h>

#define LOOK_EVERY 4096u // words, which take two pages each at the most
#define RUN_PAGES 16u    // that go with one system call
#define RUNS_A_LOOK 16u
#define MIB_SHIFT 20
#define DECIMAL 10
#define STATM_BYTES 128
#define ADDRESS_END (UINT64_C(1) << RACE_ADDRESS_BITS)

uint64_t race__limit;

static uint32_t sweeping;  // atomic: somebody is; guards what follows
static uintptr_t hand;     // sweeping
static uint64_t threshold; // atomic: race__limit, or what cannot be less
static bool told;          // sweeping
static bool told_more;     // sweeping
static uint64_t forgotten; // atomic

void race__limit_init(void)
{
    race__limit = (uint64_t)race__flags.memory_limit_mb << MIB_SHIFT;
    threshold = race__limit;
}

uint64_t race__limit_forgotten(void)
{
    return load_relaxed(&forgotten);
}

/* The second number of /proc/self/statm; 0 where it cannot be read. */
static uint64_t resident(void)
{
    char text[STATM_BYTES] = {0};
    long fd = race__sys4(SYS_openat, AT_FDCWD, (long)"/proc/self/statm",
                         O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    race__sys3(SYS_read, fd, (long)text, sizeof text - 1);
    race__sys3(SYS_close, fd, 0, 0);
    const char *at = text;
    uint64_t pages = 0;
    while (*at != ' ' && *at != '\0')
        at++;
    for (at += *at == ' '; *at >= '0' && *at <= '9'; at++)
        pages = pages * DECIMAL + (uint64_t)(*at - '0');
    return pages * RACE_PAGE_SIZE;
}

/* ADDR's word has no mark any more, and nobody else gets at it. */
static void empty_and_lock(uintptr_t addr)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t none = 0;
    while (!cas_acquire(cell, &none, RACE_CELL_LOCK)) {
        uint64_t before = race__cell_lock(cell);
        struct race__word word;
        race__word_open(addr, before, &word);
        if (word.crowd.head != NULL)
            race__crowd_close(word.crowd);
        word = (struct race__word){.crowd.head = NULL};
        race__word_close(addr, before, &word, NULL);
        none = 0;
    }
}

/* The marks of SIZE bytes at ADDR, whole pages of one region. */
static void give_back(uintptr_t addr, size_t size)
{
    for (uintptr_t at = addr; at < addr + size; at += RACE_NOTE_SIZE) {
        race__audience_end(at, false);
        race__sweep_end(at, at + RACE_NOTE_SIZE, false);
        (void)fetch_and_acq_rel(race__shadow_note(at), (uint8_t)~RACE_NOTE_MARKS);
    }
    for (uintptr_t at = addr; at < addr + size; at += RACE_WORD_SIZE)
        empty_and_lock(at);
    race__pages_release(race__shadow_spare(addr), size);
    race__pages_release(race__shadow_rest(addr), RACE_REST * size);
    race__pages_release(race__shadow_cell(addr), size);
    race__sweep_release(addr, addr + size);
    (void)fetch_add_relaxed(&forgotten, size);
}

/* The next pages with marks from the hand on; false at the end of the addresses. */
static bool give_back_run(void)
{
    uintptr_t addr = race__shadow_noted(hand, ADDRESS_END, RACE_NOTE_MARKS);
    if (addr == ADDRESS_END)
        return false;
    addr &= ~(RACE_PAGE_SIZE - 1);
    size_t size = RACE_PAGE_SIZE;
    while (size < RUN_PAGES * RACE_PAGE_SIZE && (addr + size) % RACE_REGION_SIZE != 0 &&
           race__shadow_noted(addr + size, addr + size + RACE_PAGE_SIZE,
                              RACE_NOTE_MARKS) != addr + size + RACE_PAGE_SIZE)
        size += RACE_PAGE_SIZE;
    give_back(addr, size);
    hand = addr + size;
    return true;
}

/* Two times to the end of the addresses is at least once round. */
static void sweep(uint64_t target)
{
    unsigned ends = 0;
    while (ends < 2 && resident() > target)
        for (unsigned i = 0; i < RUNS_A_LOOK && ends < 2; i++)
            if (!give_back_run()) {
                hand = 0;
                ends++;
            }
}

void race__limit_forked(void)
{
    store_relaxed(&sweeping, 0);
}

static void tell(uint64_t now)
{
    if (!told)
        race__warn("memory_limit_mb=%lu is reached: from here on accesses are forgotten, "
                   "and races with them missed",
                   race__limit >> MIB_SHIFT);
    told = true;
    if (now <= threshold)
        return;
    if (!told_more)
        race__warn("memory_limit_mb=%lu: what cannot be forgotten takes %lu MiB",
                   race__limit >> MIB_SHIFT, now >> MIB_SHIFT);
    told_more = true;
    store_relaxed(&threshold, now + now / 8); // or every look would forget everything
}

void race__limit_spend_slow(size_t count)
{
    uint32_t none = 0;
    race__self.spent += count;
    if (race__self.spent < LOOK_EVERY)
        return;
    race__self.spent = 0;
    if (resident() <= load_relaxed(&threshold) || !cas_acquire(&sweeping, &none, 1))
        return;
    sweep(race__limit - race__limit / 8);
    tell(resident());
    store_release(&sweeping, 0);
}
