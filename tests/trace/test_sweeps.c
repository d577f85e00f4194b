/* Sweeps (state/sweep.h) through the detector's front door: what a read of pieces of lines leaves,
 * and who finds it.  Every expectation is exact.
 *
 * race__record is defined here in place of the record room's: what would be written is
 * collected.
 */
#include "check.h"
#include "entry/abi.h"
#include "entry/events.h"
#include "record/record.h"
#include "state/audience.h"
#include "state/strand.h"
#include "state/sweep.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

enum {
    PAGE = 4096,
    MEMORY_BYTES = 4 * PAGE,
    LINES = 3 * RACE_LINE_SIZE,
    LINE_AT = PAGE - RACE_LINE_SIZE, // over the borders of KiBs and pages
    MEETINGS = 2000
};

static _Alignas(PAGE) unsigned char memory[MEMORY_BYTES];
static unsigned char objects[4];

/* What the last access was found to conflict with. */
static struct {
    uint32_t conflicts;
    uint32_t bytes;          // how many of the access's bytes
    bool byte[MEMORY_BYTES]; // which of them
} found;

/* While two threads run at once, conflicts are only counted. */
static bool at_once;
static uint32_t met; // atomic

static uint64_t random_state = 88172645463325252u;

/* xorshift64: Marsaglia, "Xorshift RNGs". */
static uint32_t below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % limit;
}

static void collect(const struct race__access *access,
                    const struct race__conflict *conflict)
{
    for (unsigned i = 0; i < RACE_WORD_SIZE; i++) {
        uintptr_t addr = conflict->word + i;
        bool common = (conflict->prior.tag & race__tag_bytes(addr, 1)) != 0;
        size_t at = addr - (uintptr_t)memory;
        if (!common || addr < access->addr || addr >= access->addr + access->size)
            continue;
        found.bytes += !found.byte[at];
        found.byte[at] = true;
    }
}

void race__record(const struct race__access *access)
{
    if (at_once) {
        (void)fetch_add_relaxed(&met, access->conflicts.count);
        return;
    }
    found.conflicts += access->conflicts.count;
    for (uint32_t i = 0; i < access->conflicts.count; i++)
        collect(access, &access->conflicts.conflict[i]);
}

uint32_t race__record_count(void)
{
    return 0;
}

static goc_strand *spawn(void)
{
    static uint64_t id;
    return race__on_strand_spawn(++id, NULL);
}

/* STRAND accesses SIZE bytes at AT in the way that a compiler would. */
static void touch(goc_strand *strand, size_t at, size_t size, bool write)
{
    unsigned char *addr = memory + at;
    memset(found.byte + at, 0, size);
    found.conflicts = found.bytes = 0;
    race__on_strand_switch(strand);
    if (size == 8 && at % 8 == 0)
        (write ? goc_race_write8 : goc_race_read8)(addr);
    else if (size == 1)
        (write ? goc_race_write1 : goc_race_read1)(addr);
    else if (write)
        goc_race_write_range(addr, size);
    else
        goc_race_read_range(addr, size);
}

static void forget(size_t at, size_t size)
{
    race__on_memory_new(memory + at, size, NULL, NULL);
}

/* A has written the lines, and the others know that. */
static void write_lines(goc_strand *a, goc_strand *const *others, int count)
{
    forget(LINE_AT, LINES);
    touch(a, LINE_AT, LINES, true);
    race__on_release(&objects[2]);
    for (int i = 0; i < count; i++) {
        race__on_strand_switch(others[i]);
        race__on_acquire(&objects[2]);
    }
}

/* Is what STRAND reads of AT's line in its sweep? */
static bool is_swept(const goc_strand *strand, size_t at)
{
    return race__sweep_of((uintptr_t)memory + at)->epoch == strand->view.own.raw;
}

/* One sweeps over lines that another wrote before: a write that nothing orders with it races on the
 * bytes that were read, and with nothing beside. */
static void test_bytes(goc_strand *a, goc_strand *b)
{
    goc_strand *c = spawn();
    goc_strand *both[2] = {b, c};
    int swept = 0;
    for (int round = 0; round < 3000; round++) {
        size_t size = 1 + below(LINES - 1);
        size_t first = LINE_AT + below((uint32_t)(LINES - size));
        size_t at = LINE_AT + below(LINES - 8);
        size_t length = 1 + below(8);
        write_lines(a, both, 2);
        touch(b, first, size, false);
        CHECK_EQ(found.conflicts, 0);
        swept += is_swept(b, first);
        touch(b, first, size, false);
        CHECK_EQ(found.conflicts, 0);
        if (round % 4 == 0)
            touch(b, LINE_AT + below(LINES - 8), 1 + below(8), true);
        CHECK_EQ(found.conflicts, 0);
        if (round % 4 == 1)
            forget(at, length);
        touch(c, at, length, true);
        for (size_t i = at; i < at + length && round % 4 > 1; i++)
            CHECK_EQ(found.byte[i], i >= first && i < first + size);
        CHECK(round % 4 != 1 || found.conflicts == 0);
    }
    CHECK(swept > 1000);
    race__on_strand_end(c);
}

/* Who sweeps after another one takes its place only where it reads all of that again, and knows of
 * it. */
static void test_two(goc_strand *a, goc_strand *b)
{
    enum { HALF = RACE_LINE_SIZE / 2 };
    goc_strand *c = spawn();
    goc_strand *d = spawn();
    goc_strand *others[3] = {b, c, d};
    for (int round = 0; round < 8; round++) {
        bool ordered = (round & 1) != 0;
        bool part = (round & 2) != 0;
        bool both = (round & 4) != 0;
        write_lines(a, others, 3);
        touch(b, LINE_AT, RACE_LINE_SIZE, false);
        CHECK(is_swept(b, LINE_AT));
        race__on_release(&objects[3]);
        race__on_strand_switch(d);
        if (ordered)
            race__on_acquire(&objects[3]);
        touch(d, LINE_AT, part ? HALF : RACE_LINE_SIZE, false);
        CHECK_EQ(is_swept(d, LINE_AT), ordered && !part);
        CHECK_EQ(found.conflicts, 0);
        if (both) { // the word's other mark is of both halves
            touch(d, LINE_AT, RACE_LINE_SIZE, true);
            CHECK_EQ(found.conflicts != 0, !ordered);
        }
        touch(c, LINE_AT + HALF + 8, 8, true);
        CHECK_EQ(found.bytes, 8);
        touch(c, LINE_AT + 8, 8, true);
        CHECK_EQ(found.bytes, 8);
        touch(b, LINE_AT, RACE_LINE_SIZE, false); // and c's are found
        CHECK_EQ(found.bytes, both ? RACE_LINE_SIZE : 16);
    }
    race__on_strand_end(c);
    race__on_strand_end(d);
}

/* A sweep is the last that its strand does: who comes into its slot is ordered after it or is not
 * let in. */
static void test_last(goc_strand *a, goc_strand *b)
{
    enum { NEXT = 500 }; // as many as look at all slots that wait
    goc_strand *next[NEXT];
    goc_strand *c = spawn();
    goc_strand *both[2] = {b, c};
    write_lines(a, both, 2);
    touch(c, LINE_AT + LINES, 1, false);
    race__on_release(&objects[3]);
    race__on_strand_switch(b);
    race__on_acquire(&objects[3]);
    touch(c, LINE_AT, RACE_LINE_SIZE, false);
    CHECK(is_swept(c, LINE_AT));
    uint32_t slot = race__epoch_slot(c->view.own);
    race__on_strand_end(c);
    for (int i = 0; i < NEXT; i++) {
        race__on_strand_switch(b);
        next[i] = spawn();
        CHECK(race__epoch_slot(next[i]->view.own) != slot);
    }
    touch(next[0], LINE_AT, 8, true);
    CHECK_EQ(found.bytes, 8);
    for (int i = 0; i < NEXT; i++)
        race__on_strand_end(next[i]);
}

/* Who sweeps over a whole KiB again is its audience from there on: one step, not one a line. */
static void test_again(goc_strand *a, goc_strand *b)
{
    forget(PAGE, PAGE);
    touch(a, PAGE, PAGE, true);
    race__on_release(&objects[2]);
    race__on_strand_switch(b);
    race__on_acquire(&objects[2]);
    for (int round = 0; round < 2; round++) {
        touch(b, PAGE, RACE_NOTE_SIZE, false);
        CHECK_EQ(race__audience_is_none((uintptr_t)memory + PAGE), round == 0);
        CHECK(is_swept(b, PAGE) == (round == 0));
        race__on_release(&objects[3]);
    }
    touch(a, PAGE + 8, 1, true);
    CHECK_EQ(found.bytes, 1);
    CHECK_EQ(found.conflicts, 2); // each moment's
}

static uint32_t ready;    // atomic: threads that have come to their round's end
static uint32_t go_ahead; // atomic: the round

struct side {
    goc_strand *strand;
    bool writes;
};

static void *meet(void *argument)
{
    struct side *side = argument;
    goc_strand *own = race__on_strand_current();
    for (uint32_t round = 1; round <= MEETINGS; round++) {
        while (load_acquire(&go_ahead) != round)
            sched_yield();
        race__on_strand_switch(side->strand);
        for (uint32_t i = round % (side->writes ? 17 : 5); i != 0; i--)
            compiler_barrier();
        if (side->writes)
            goc_race_write8(&memory[LINE_AT + round % (RACE_LINE_SIZE / 8) * 8]);
        else
            goc_race_read_range(memory + LINE_AT, RACE_LINE_SIZE);
        race__on_strand_switch(own);
        (void)fetch_add_acq_rel(&ready, 1);
    }
    return NULL;
}

/* One sweeps while another writes: one of the two sees the other. */
static void test_meeting(goc_strand *a, goc_strand *b)
{
    goc_strand *c = spawn();
    goc_strand *both[2] = {a, b};
    struct side sides[2] = {{a, false}, {b, true}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, meet, &sides[i]), 0);
    for (uint32_t round = 1; round <= MEETINGS; round++) {
        write_lines(c, both, 2);
        store_relaxed(&met, 0);
        store_relaxed(&ready, 0);
        at_once = true;
        store_release(&go_ahead, round);
        while (load_acquire(&ready) != 2)
            sched_yield();
        at_once = false;
        CHECK(load_relaxed(&met) >= 1);
    }
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    race__on_strand_end(c);
}

/* Who swept has ended, and whoever is left alone is not ordered after it: a look at one word takes
 * its marks away, but not that. */
static void test_lone(goc_strand *root)
{
    for (int round = 0; round < 64; round++) {
        goc_strand *a = spawn();
        goc_strand *b = spawn();
        goc_strand *both[2] = {b, root};
        bool ordered = round % 2 != 0;
        write_lines(a, both, 2);
        touch(b, LINE_AT, LINES, false);
        CHECK(is_swept(b, LINE_AT));
        race__on_release(&objects[3]);
        race__on_strand_end(a);
        race__on_strand_end(b);
        race__on_strand_switch(root);
        if (ordered)
            race__on_acquire(&objects[3]);
        size_t at = LINE_AT + below(LINES / 8) * 8;
        touch(root, at, 8, false);
        CHECK_EQ(found.conflicts, 0);
        touch(root, at, 8, true);
        CHECK_EQ(found.bytes, ordered ? 0 : 8);
        touch(root, LINE_AT, LINES, true);
        CHECK_EQ(found.bytes, ordered ? 0 : LINES);
    }
}

/* The same of a line of which only the first word was written: the others have no marks but the
 * read. */
static void test_lone_reads(goc_strand *root)
{
    goc_strand *a = spawn();
    goc_strand *b = spawn();
    forget(LINE_AT, LINES);
    touch(a, LINE_AT, 8, true);
    race__on_release(&objects[2]);
    race__on_strand_switch(b);
    race__on_acquire(&objects[2]);
    touch(b, LINE_AT, RACE_LINE_SIZE, false);
    race__on_strand_end(a);
    race__on_strand_end(b);
    touch(root, LINE_AT + 8, RACE_LINE_SIZE - 8, true);
    CHECK_EQ(found.bytes, RACE_LINE_SIZE - 8);
}

int main(void)
{
    goc_strand *root = race__on_strand_current();
    static const struct {
        const char *name;
        void (*run)(goc_strand *a, goc_strand *b);
    } tests[] = {{"bytes", test_bytes},
                 {"two", test_two},
                 {"last", test_last},
                 {"again", test_again},
                 {"meeting", test_meeting}};
    printf("lone\n");
    test_lone(root);
    test_lone_reads(root);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        printf("%s\n", tests[i].name);
        fflush(stdout);
        race__on_strand_switch(root);
        goc_strand *a = spawn();
        goc_strand *b = spawn();
        tests[i].run(a, b);
        race__on_strand_end(a);
        race__on_strand_end(b);
    }
    race__on_strand_switch(root);
    return 0;
}
