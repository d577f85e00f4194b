/* Large numbers and odd shapes through the detector's front door: what random traces are too
 * short for.  Every expectation is exact: these bytes, of this strand, at this place.
 *
 * race__record is defined here in place of the record room's: what would be written is
 * collected.
 */
#include "check.h"
#include "entry/abi.h"
#include "entry/events.h"
#include "record/record.h"
#include "state/context.h"
#include "state/strand.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, MEMORY_BYTES = 1 << 20, BORDER = 8 * PAGE };

static _Alignas(PAGE) unsigned char memory[MEMORY_BYTES];
static unsigned char objects[8];

/* What the last access was found to conflict with. */
static struct {
    uint32_t conflicts;
    uint32_t bytes;          // how many of the access's bytes
    bool byte[MEMORY_BYTES]; // which of them
    uint32_t birth;          // of the strand of the last conflict
    uintptr_t where;         // the pc below which that strand did it
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
    uint32_t parent = race__context_parent(race__tag_leaf(conflict->prior.tag));
    found.birth = race__birth_of((race__epoch){conflict->prior.epoch});
    found.where = (uintptr_t)race__context_pc(parent);
}

void race__record(const struct race__access *access)
{
    CHECK(access->conflicts.count < RACE_CONFLICTS_MAX); // all of them are there
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
    static void(RACE_PRESERVE *const reads[])(void *) = {
        goc_race_read1, goc_race_read2, goc_race_read4, goc_race_read8, goc_race_read16};
    static void(RACE_PRESERVE *const writes[])(void *) = {
        goc_race_write1, goc_race_write2, goc_race_write4, goc_race_write8,
        goc_race_write16};
    unsigned char *addr = memory + at;
    memset(found.byte + at, 0, size);
    found.conflicts = found.bytes = 0;
    race__on_strand_switch(strand);
    unsigned shift = (unsigned)__builtin_ctzl(size);
    if (size == (size_t)1 << shift && shift < 5 && at % size == 0)
        (write ? writes : reads)[shift](addr);
    else if (write)
        goc_race_write_range(addr, size);
    else
        goc_race_read_range(addr, size);
}

static void forget(size_t at, size_t size)
{
    race__on_memory_new(memory + at, size, NULL, NULL);
}

/* A's access and B's, which nothing orders: exactly the bytes in common race. */
static void test_overlaps(goc_strand *a, goc_strand *b)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 32, 33, 63, 64};
    enum { SIZES = sizeof sizes / sizeof sizes[0], FIRST = BORDER - 40, SPAN = 256 };
    uint32_t turn = 0;
    for (size_t s = 0; s < (size_t)SIZES * SIZES; s++)
        for (size_t from_a = FIRST; from_a < FIRST + 16; from_a++)
            for (size_t from_b = FIRST; from_b < FIRST + 48; from_b += 1 + s % 3) {
                size_t end_a = from_a + sizes[s / SIZES];
                size_t end_b = from_b + sizes[s % SIZES];
                bool writes_a = turn % 4 != 0;
                bool writes_b = turn % 4 != 1;
                turn++;
                forget(FIRST - 64, SPAN);
                touch(a, from_a, end_a - from_a, writes_a);
                CHECK_EQ(found.conflicts, 0);
                touch(b, from_b, end_b - from_b, writes_b);
                size_t first = from_a > from_b ? from_a : from_b;
                size_t end = end_a < end_b ? end_a : end_b;
                bool races = first < end && (writes_a || writes_b);
                CHECK_EQ(found.bytes, races ? end - first : 0);
                for (size_t at = first; races && at < end; at++)
                    CHECK(found.byte[at]);
            }
    printf("%u pairs of accesses\n", turn);
}

/* Nothing is ever ordered: who has read and written each byte says what must be found. */
static void test_bytes(goc_strand *a, goc_strand *b)
{
    enum { STEPS = 200000, SPAN = 192, FIRST = BORDER - SPAN / 2, LONGEST = 24 };
    static bool has_read[2][SPAN];
    static bool has_written[2][SPAN];
    goc_strand *strand[2] = {a, b};
    forget(FIRST, SPAN);
    for (int step = 0; step < STEPS; step++) {
        uint32_t me = below(2);
        uint32_t size = 1 + below(LONGEST);
        uint32_t at = below(SPAN - size);
        bool write = below(2);
        if (below(20) == 0) {
            forget(FIRST + at, size);
            for (int i = 0; i < 2; i++) {
                memset(has_read[i] + at, 0, size);
                memset(has_written[i] + at, 0, size);
            }
            continue;
        }
        touch(strand[me], FIRST + at, size, write);
        race__on_release(&objects[me]); // the next one is no repetition
        for (uint32_t i = at; i < at + size; i++) {
            bool races = has_written[!me][i] || (write && has_read[!me][i]);
            CHECK_EQ(found.byte[FIRST + i], races);
            (write ? has_written : has_read)[me][i] = true;
        }
    }
}

/* A crowd of readers, and a writer that has heard of all but one. */
static void test_crowd(void)
{
    enum { READERS = 3000, ROUNDS = 8 };
    static goc_strand *reader[READERS];
    goc_strand *writer = spawn();
    for (int i = 0; i < READERS; i++)
        reader[i] = spawn();
    for (int round = 0; round < ROUNDS; round++) {
        static const int left_out[ROUNDS] = {0, 1, 15, 16, 255, 1500, READERS - 1, -1};
        forget(0, 64);
        for (int i = 0; i < READERS; i++) {
            touch(reader[i], (size_t)i % 8, 8, false);
            CHECK_EQ(found.conflicts, 0);
            if (i != left_out[round])
                race__on_release_merge(&objects[round]);
        }
        race__on_strand_switch(writer);
        race__on_acquire(&objects[round]);
        touch(writer, 0, 16, true);
        CHECK_EQ(found.bytes, left_out[round] < 0 ? 0 : 8);
        if (left_out[round] >= 0)
            CHECK_EQ(found.birth, reader[left_out[round]]->birth);
    }
    for (int i = 0; i < READERS; i++)
        race__on_strand_end(reader[i]);
    race__on_strand_end(writer);
}

/* Neighbours that write a byte each do not race; whoever reads all races with each. */
static void test_mosaic(void)
{
    enum { PIECES = 24, FIRST = BORDER - 12 };
    goc_strand *piece[PIECES];
    goc_strand *reader = spawn();
    forget(FIRST, PIECES);
    for (size_t i = 0; i < PIECES; i++) {
        piece[i] = spawn();
        touch(piece[i], FIRST + i, 1, true);
        CHECK_EQ(found.conflicts, 0);
    }
    touch(reader, FIRST, PIECES, false);
    CHECK_EQ(found.bytes, PIECES);
    CHECK_EQ(found.conflicts, PIECES);
    for (size_t i = 0; i < PIECES; i++) {
        touch(reader, FIRST + i, 1, true);
        CHECK_EQ(found.bytes, 1);
        CHECK_EQ(found.birth, piece[i]->birth);
        race__on_strand_end(piece[i]);
    }
    race__on_strand_end(reader);
}

/* Millions of releases: what was before each is ordered, what came after it is not. */
static void test_epochs(goc_strand *a, goc_strand *b)
{
    enum { TICKS = 2500000, EVERY = 509 };
    for (uint32_t tick = 1; tick <= TICKS; tick++) {
        bool power = (tick & (tick - 1)) == 0 || (tick & (tick + 1)) == 0; // or one below
        bool near = power || tick % EVERY == 0;
        if (near) {
            forget(0, 16);
            touch(a, 0, 8, true);
        }
        race__on_strand_switch(a);
        race__on_release(&objects[0]);
        if (!near)
            continue;
        touch(a, 8, 8, true);
        race__on_strand_switch(b);
        race__on_acquire(&objects[0]);
        touch(b, 0, 8, true);
        CHECK_EQ(found.conflicts, 0);
        touch(b, 8, 8, false);
        CHECK_EQ(found.bytes, 8);
        CHECK_EQ(found.birth, a->birth);
    }
}

/* As many places as a large program has: each is still told from the others. */
static void test_sites(goc_strand *a, goc_strand *b)
{
    enum { SITES = MEMORY_BYTES / 16, BASE = 0x10000 };
    forget(0, MEMORY_BYTES);
    race__on_strand_switch(a);
    for (size_t i = 0; i < SITES; i++) {
        uint32_t token = goc_race_func_enter((void *)(BASE + 3 * i));
        touch(a, 16 * i, 4, true);
        goc_race_func_exit(token);
    }
    for (size_t i = 0; i < SITES; i++) {
        touch(b, 16 * i, 8, false);
        CHECK_EQ(found.bytes, 4);
        CHECK_EQ(found.where, BASE + 3 * i);
    }
}

/* As many lock sets: locks that the two do not share order nothing. */
static void test_locksets(goc_strand *a, goc_strand *b)
{
    enum { SETS = 20000 };
    static char locks[2][SETS + 1];
    forget(0, MEMORY_BYTES);
    for (size_t i = 0; i < SETS; i++) {
        race__on_strand_switch(a);
        race__on_lock(&locks[0][i], true, "lock", NULL);
        race__on_lock(&locks[0][i + 1], i % 2, "lock", NULL);
        touch(a, 8 * i, 8, true);
        race__on_unlock(&locks[0][i + 1], i % 2, NULL);
        race__on_unlock(&locks[0][i], true, NULL);
        race__on_strand_switch(b);
        race__on_lock(&locks[1][i], true, "lock", NULL);
        touch(b, 8 * i, 8, i % 3 == 0);
        CHECK_EQ(found.bytes, 8);
        race__on_unlock(&locks[1][i], true, NULL);
    }
}

/* Ranges over pages: their ends, their borders, and what lies just outside. */
static void test_ranges(goc_strand *a, goc_strand *b)
{
    for (int round = 0; round < 300; round++) {
        size_t first = 1 + below(20 * PAGE);
        size_t size = 1 + below(5 * PAGE);
        size_t end = first + size;
        forget(0, (size_t)32 * PAGE);
        touch(a, first, size, true);
        touch(b, first - 1, 1, true);
        CHECK_EQ(found.conflicts, 0);
        touch(b, end, 1, true);
        CHECK_EQ(found.conflicts, 0);
        touch(b, first, 1, false);
        CHECK_EQ(found.bytes, 1);
        touch(b, end - 1, 1, true);
        CHECK_EQ(found.bytes, 1);
        for (size_t page = first / PAGE + 1; page * PAGE < end; page++) {
            touch(b, page * PAGE - 1, 2, false);
            CHECK_EQ(found.bytes, 2 - (page * PAGE == first));
        }
        forget(first, size);
        touch(a, first - 1, 1, false);
        CHECK_EQ(found.bytes, 1);
        touch(a, end, 1, false);
        CHECK_EQ(found.bytes, 1);
        touch(b, first + below((uint32_t)size), 1, true);
        CHECK_EQ(found.conflicts, 0);
    }
}

/* A block that ends races with who still uses it, over all of it and nothing beside. */
static void test_blocks(goc_strand *a, goc_strand *b)
{
    for (size_t size = 1; size < 200; size++) {
        size_t first = BORDER - 100 + size % 7;
        forget(first - 8, size + 16);
        touch(a, first - 1, size + 2, true);
        race__on_release(&objects[0]);
        touch(a, first, 1, true); // after the release
        race__on_strand_switch(b);
        race__on_acquire(&objects[0]);
        found.conflicts = found.bytes = 0;
        memset(found.byte + first, 0, size);
        race__on_memory_free(memory + first, size, NULL);
        CHECK_EQ(found.bytes, 1);
        touch(b, first - 1, 1, true);
        CHECK_EQ(found.conflicts, 0);
        touch(b, first + size - 1, 2, false); // its last byte, and one beside
        CHECK_EQ(found.bytes, 1);
        forget(first, size);
        touch(a, first, size, true);
        CHECK_EQ(found.conflicts, 0);
    }
}

/* A strand ends a block that it used in the same epoch: the end takes the place of the uses, of
 * the strand's only. */
static void test_own_blocks(goc_strand *a, goc_strand *b)
{
    for (size_t size = 1; size < 200; size++) {
        size_t first = BORDER - 100 + size % 9;
        size_t words = (first + size - 1) / 8 - first / 8 + 1;
        size_t last = first + size - 1;
        unsigned by_others = (unsigned)size % 3; // not, before, after
        forget(first - 8, size + 16);
        if (by_others == 1)
            touch(b, last, 1, false);
        touch(a, first, size, (size & 1) != 0 && by_others == 0);
        touch(a, first, 1, (size & 2) != 0 && size > 8);
        if (by_others == 2)
            touch(b, last, 1, false);
        race__on_strand_switch(a);
        found.conflicts = found.bytes = 0;
        memset(found.byte + first, 0, size);
        race__on_memory_free(memory + first, size, NULL);
        CHECK_EQ(found.bytes, by_others != 0);
        touch(b, first, size, true);
        CHECK_EQ(found.bytes, size);
        CHECK_EQ(found.conflicts, words);
        touch(a, first + size / 2, 1, false);
        CHECK_EQ(found.conflicts, 2); // b's write, and its own end of the block
    }
}

/* A strand that is alone ends a block, and uses it afterwards: all of it and nothing beside. */
static void test_lone_blocks(goc_strand *root)
{
    for (size_t size = 1; size < 200; size++) {
        size_t first = BORDER - 100 + size % 9;
        race__on_memory_free(memory + first, size, NULL);
        touch(root, first - 1, size + 2, (size & 1) != 0);
        CHECK_EQ(found.bytes, size);
        CHECK(!found.byte[first - 1] && !found.byte[first + size]);
        forget(first, size);
        touch(root, first - 1, size + 2, true);
        CHECK_EQ(found.conflicts, 0);
    }
}

/* Many read whole KiBs, again and again: each of them races with a write that nothing
 * orders, on its bytes alone, and none with one that all are ordered before. */
static void test_audience(goc_strand *a, goc_strand *b)
{
    enum {
        READERS = 24,
        ROUNDS = 3,
        KIB = 1024,
        FIRST = BORDER - 100,
        SIZE = 4 * KIB + 200
    };
    goc_strand *reader[READERS];
    forget(FIRST, SIZE);
    touch(a, FIRST, SIZE, true);
    for (int i = 0; i < READERS; i++)
        reader[i] = spawn();
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < READERS; i++) {
            touch(reader[i], FIRST, SIZE, false);
            CHECK_EQ(found.conflicts, 0);
            race__on_release_merge(&objects[1]);
        }
    race__on_memory_new(&memory[BORDER + 2 * KIB + 40], 50, "heap", NULL);
    touch(b, BORDER + 2 * KIB + 39, 52, true);
    CHECK_EQ(found.bytes, 2); // those beside
    touch(b, BORDER + 9, 1, true);
    CHECK_EQ(found.bytes, 1);
    CHECK(found.conflicts > READERS); // and with the write before
    touch(b, BORDER + KIB, KIB, false);
    CHECK_EQ(found.bytes, KIB);
    CHECK_EQ(found.conflicts, KIB / 8); // with that write alone
    forget(BORDER + KIB, KIB);
    race__on_release(&objects[0]);
    race__on_strand_switch(a);
    race__on_acquire(&objects[0]);
    race__on_acquire(&objects[1]);
    touch(a, FIRST, SIZE, true);
    CHECK_EQ(found.conflicts, 0);
    for (int i = 0; i < READERS; i++) {
        touch(reader[i], FIRST, SIZE, false);
        CHECK_EQ(found.bytes, SIZE);
        race__on_strand_end(reader[i]);
    }
}

enum { MEETINGS = 2000, MET_AT = BORDER, MET_SIZE = 1024 };

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
            goc_race_write8(&memory[MET_AT + round % (MET_SIZE / 8) * 8]);
        else
            goc_race_read_range(memory + MET_AT, MET_SIZE);
        race__on_strand_switch(own);
        (void)fetch_add_acq_rel(&ready, 1);
    }
    return NULL;
}

/* One reads all of a KiB while another writes to it: one of the two sees the other, whether
 * there is an audience already or one begins. */
static void test_meeting(goc_strand *a, goc_strand *b)
{
    goc_strand *reader[2] = {spawn(), spawn()};
    struct side sides[2] = {{a, false}, {b, true}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, meet, &sides[i]), 0);
    for (uint32_t round = 1; round <= MEETINGS; round++) {
        forget(MET_AT, MET_SIZE);
        for (uint32_t i = 0; i < 2 + round % 2; i++)
            touch(reader[i % 2], MET_AT, MET_SIZE, false);
        store_relaxed(&met, 0);
        store_relaxed(&ready, 0);
        at_once = true;
        store_release(&go_ahead, round);
        while (load_acquire(&ready) != 2)
            sched_yield();
        at_once = false;
        CHECK(load_relaxed(&met) >= 3); // the write, with three reads
    }
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
        race__on_strand_end(reader[i]);
    }
}

enum { AREA_AT = 2 * BORDER };

/* Where STRAND's touches of the area are. */
static unsigned char *touched_word(const goc_strand *strand)
{
    size_t word = strand->birth % (GOC_RACE_TOUCH_SIZE / RACE_WORD_SIZE);
    return memory + AREA_AT + word * RACE_WORD_SIZE;
}

static void end_touch(void)
{
    if (race__on_touch_end())
        race__on_touch_late();
}

/* STRAND, in a call, touches the area in two steps; answers whether a mark was moved. */
static bool touch_early(goc_strand *strand)
{
    static uint32_t lock; // atomic
    race__on_touch_begin(memory + AREA_AT, objects, false);
    bool moved = strand->touching != NULL;
    (void)fetch_add_seq_cst(&lock, 1);
    end_touch();
    return moved;
}

/* A has touched the area so often that its mark moves, and B knows of all that. */
static void touch_often(goc_strand *a, goc_strand *b)
{
    forget(AREA_AT, GOC_RACE_TOUCH_SIZE);
    race__on_strand_switch(a);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(touch_early(a), i > 1);
        race__on_release(&objects[0]);
    }
    race__on_strand_switch(b);
    race__on_acquire(&objects[0]);
}

static void *touch_or_write(void *argument)
{
    struct side *side = argument;
    goc_strand *own = race__on_strand_current();
    for (uint32_t round = 1; round <= MEETINGS; round++) {
        while (load_acquire(&go_ahead) != round)
            sched_yield();
        race__on_strand_switch(side->strand);
        for (uint32_t i = round % (side->writes ? 17 : 13); i != 0; i--)
            compiler_barrier();
        if (side->writes)
            goc_race_write8(memory + AREA_AT);
        else
            (void)touch_early(side->strand);
        race__on_strand_switch(own);
        (void)fetch_add_acq_rel(&ready, 1);
    }
    return NULL;
}

/* One touches while another writes: one of the two sees the other, whichever comes between the
 * steps of the touch. */
static void test_touches(goc_strand *a, goc_strand *b)
{
    struct side sides[2] = {{a, false}, {b, true}};
    pthread_t threads[2];
    while (touched_word(a) !=
           memory + AREA_AT) // of sixteen births one has the first word
        a = sides[0].strand = spawn();
    race__on_strand_switch(a);
    uint32_t token = race__on_call_begin(memory);
    (void)race__strand_context(a);
    touch_often(a, b);
    touch(b, AREA_AT, RACE_WORD_SIZE, true);
    CHECK_EQ(found.conflicts, 0);
    touch_often(a, b);
    race__on_strand_switch(a);
    race__on_touch_begin(memory + AREA_AT, objects, false);
    touch(b, AREA_AT, RACE_WORD_SIZE, true);
    CHECK_EQ(found.bytes, 1);
    CHECK_EQ(found.birth, a->birth);
    found.conflicts = 0;
    race__on_strand_switch(a);
    end_touch();
    CHECK_EQ(found.conflicts, 1);
    CHECK_EQ(found.birth, b->birth);
    store_relaxed(&go_ahead, 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, touch_or_write, &sides[i]), 0);
    for (uint32_t round = 1; round <= MEETINGS; round++) {
        touch_often(a, b);
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
    race__on_strand_switch(a);
    race__on_call_end(token);
}

int main(void)
{
    goc_strand *root = race__on_strand_current();
    static const struct {
        const char *name;
        void (*run)(goc_strand *a, goc_strand *b);
    } tests[] = {{"overlaps", test_overlaps}, {"bytes", test_bytes},
                 {"epochs", test_epochs},     {"sites", test_sites},
                 {"locksets", test_locksets}, {"ranges", test_ranges},
                 {"blocks", test_blocks},     {"own blocks", test_own_blocks},
                 {"audience", test_audience}, {"meeting", test_meeting},
                 {"touches", test_touches}};
    printf("lone blocks\n");
    test_lone_blocks(root);
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
    printf("crowd, mosaic\n");
    fflush(stdout);
    race__on_strand_switch(root);
    test_crowd();
    race__on_strand_switch(root);
    test_mosaic();
    race__on_strand_switch(root);
    return 0;
}
