/* Stacks: used again, apart from each other, of the promised size, guarded, given back. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/gmp.h"
#include "sched/stack.h"

#include <goc/go.h>

enum { ROUNDS = 1000, TOGETHER = 64, KIB = 1024 };

static int finished; // atomic
static uintptr_t place_of[ROUNDS];

static void note_place(void *argument)
{
    place_of[*(int *)argument] = (uintptr_t)goc__self();
    fetch_add_release(&finished, 1);
}

static void are_used_again(void)
{
    goc_maxprocs(1);
    for (int i = 0; i < ROUNDS; i++) {
        goc_go(note_place, &i, sizeof i);
        PARTY_UNTIL(load_acquire(&finished) == i + 1);
    }
    for (int i = 1; i < ROUNDS; i++)
        CHECK_EQ(place_of[i], place_of[0]);
}

static bool released; // atomic

static void hold_place(void *argument)
{
    note_place(argument);
    PARTY_UNTIL(load_acquire(&released));
}

/* Not all at the same offset of a page, nor all pages at the same offset of a cache. */
static void are_coloured(void)
{
    enum { PAGE = 4096, L2_PAGES = 32 };
    for (int i = 0; i < TOGETHER; i++)
        goc_go(hold_place, &i, sizeof i);
    PARTY_UNTIL(load_acquire(&finished) == TOGETHER);
    bool offsets[PAGE / 64] = {false};
    bool pages[L2_PAGES] = {false};
    int offset_count = 0;
    int page_count = 0;
    for (int i = 0; i < TOGETHER; i++) {
        bool *offset = &offsets[place_of[i] % PAGE / 64];
        bool *page = &pages[place_of[i] / PAGE % L2_PAGES];
        offset_count += !*offset;
        page_count += !*page;
        *offset = true;
        *page = true;
    }
    CHECK_EQ(offset_count, 4);
    CHECK_EQ(page_count, L2_PAGES);
    store_release(&released, true);
}

__attribute__((__noinline__)) static int use(int kib)
{
    char frame[KIB];
    memset(frame, kib, sizeof frame);
    __asm__ volatile("" ::"r"(frame) : "memory");
    return kib > 1 ? use(kib - 1) + frame[7] : frame[9];
}

static void use_most(void *unused)
{
    (void)unused;
    use(200);
    fetch_add_release(&finished, 1);
}

/* All at once, so that none gets another one's stack. */
static void use_most_together(void *unused)
{
    use_most(unused);
    PARTY_UNTIL(load_acquire(&finished) == ROUNDS);
}

static void have_the_promised_size(void)
{
    for (int i = 0; i < 50; i++)
        goc_go(use_most, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == 50);
    CHECK_EQ(goc__stack_bytes(), 256 * KIB);
}

static void use_more(void *unused)
{
    (void)unused;
    use(100000);
}

static void overflow_is_reported(void)
{
    goc_go(use_more, NULL, 0);
    for (;;)
        goc_yield();
}

/* A frame of 48 KiB steps over a guard of a page or two. */
static void step_over(void *end)
{
    char frame[48 * KIB];
    __asm__ volatile("" ::"r"(frame) : "memory");
    frame[0] = 1;
    if (end == NULL || frame < (char *)end)
        step_over(end);
    __asm__ volatile("" ::"r"(frame) : "memory");
}

static void large_frames_hit_the_guard(void)
{
    goc_go(step_over, NULL, 0);
    for (;;)
        goc_yield();
}

static void write_nowhere(void *unused)
{
    (void)unused;
    *(char volatile *)(uintptr_t)16 = 1;
}

static void on_segv(int signal)
{
    (void)signal;
    _exit(55);
}

static void other_faults_are_passed_on(void)
{
    signal(SIGSEGV, on_segv); /* before the first goroutine, so before the runtime's */
    goc_go(write_nowhere, NULL, 0);
    for (;;)
        goc_yield();
}

static void count_free(struct g *g, void *argument)
{
    int *count = argument;
    *count += goc__status(g) == G_DEAD;
}

static void free_memory_goes_back(void)
{
    goc_maxprocs(1);
    for (int i = 0; i < ROUNDS; i++)
        goc_go(use_most_together, NULL, 0);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    int before = 0;
    goc__stack_each(count_free, &before);
    CHECK(before > FREE_MAX);
    int after;
    do { /* the monitor may have some in its hands as well */
        goc__stack_scavenge(true);
        after = 0;
        goc__stack_each(count_free, &after); /* one without memory reads as G_NONE */
    } while (after > FREE_MAX);
    finished = 0;
    for (int i = 0; i < ROUNDS; i++)
        goc_go(use_most, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == ROUNDS);
}

/* The function at the end of the stack: where memset is AddressSanitizer's, that one. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OVERFLOWN "__asan_memset"
#endif
#endif
#ifndef OVERFLOWN
#define OVERFLOWN "use"
#endif

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(are_used_again),
        ISOLATED(are_coloured),
        ISOLATED(have_the_promised_size),
        ISOLATED_PANIC(overflow_is_reported,
                       "stack overflow (256 KiB; raise with GOC_DEBUG=stack=512K)\n\n"
                       "goroutine 2 [running]:\n" OVERFLOWN "(...)"),
        ISOLATED_PANIC(large_frames_hit_the_guard,
                       "goroutine 2: stack overflow (256 KiB;"),
        {"other_faults_are_passed_on", other_faults_are_passed_on, 55, NULL},
        ISOLATED(free_memory_goes_back),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
