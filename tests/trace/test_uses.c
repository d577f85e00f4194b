/* Uses of an object that many strands leave there what they did: who writes it races with those
 * that it does not know, and with no others (entry/uses.c).
 *
 * race__record is defined here in place of the record room's: what would be written is
 * collected.
 */
#include "check.h"
#include "entry/abi.h"
#include "entry/events.h"
#include "record/record.h"
#include "state/cell.h"
#include "state/strand.h"

#include <stdio.h>
#include <string.h>

enum { MEMBERS = 20, USES_MAX = 512, ENDS_MAX = 6 };

static _Alignas(64) unsigned char object[64];
static unsigned char other_object;

/* The strands whose uses the last write was found to conflict with, one a conflict. */
static struct {
    uint32_t conflicts;
    uint32_t births[RACE_CONFLICTS_MAX];
} found;

static uint64_t random_state = 88172645463325252u;

/* xorshift64: Marsaglia, "Xorshift RNGs". */
static uint32_t below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % limit;
}

void race__record(const struct race__access *access)
{
    CHECK(access->conflicts.count < RACE_CONFLICTS_MAX); // all of them are there
    found.conflicts = access->conflicts.count;
    for (uint32_t i = 0; i < found.conflicts; i++)
        found.births[i] =
            race__birth_of((race__epoch){access->conflicts.conflict[i].prior.epoch});
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

static void write_object(goc_strand *strand)
{
    race__on_strand_switch(strand);
    race__on_write_at(object, RACE_WORD_SIZE, NULL);
}

struct known {
    uint64_t bits[USES_MAX / 64]; // of uses
};

static struct {
    goc_strand *member[MEMBERS];
    struct known of[MEMBERS]; // what each knows
    struct known content;     // at the object …
    struct known other;       // … and at one that it changes places with
    struct known before[USES_MAX];
    uint32_t birth[USES_MAX];
    uint32_t count;
    uint32_t ends;
} uses;

static void learn(struct known *to, const struct known *from)
{
    for (size_t i = 0; i < USES_MAX / 64; i++)
        to->bits[i] |= from->bits[i];
}

static bool knows(const struct known *known, uint32_t use)
{
    return (known->bits[use / 64] >> use % 64 & 1) != 0;
}

/* MEMBER, which is current, reads the object's first byte. */
static void note_use(uint32_t member)
{
    uint32_t use = uses.count++;
    uses.before[use] = uses.of[member];
    uses.birth[use] = uses.member[member]->birth;
    uses.of[member].bits[use / 64] |= UINT64_C(1) << use % 64;
}

static void use_and_leave(uint32_t member)
{
    note_use(member);
    race__on_use_merge(object, &uses);
    learn(&uses.content, &uses.of[member]);
}

static void use_only(uint32_t member)
{
    note_use(member);
    race__on_read_at(object, 1, &uses);
}

static void take_uses(uint32_t member)
{
    race__on_acquire(object);
    learn(&uses.of[member], &uses.content);
}

static void put_in_place(uint32_t member)
{
    race__on_release(object);
    uses.content = uses.of[member];
}

static void add_only(uint32_t member)
{
    race__on_release_merge(object);
    learn(&uses.content, &uses.of[member]);
}

static void change_places(uint32_t member)
{
    (void)member;
    struct known kept = uses.content;
    race__on_exchange(object, &other_object);
    uses.content = uses.other;
    uses.other = kept;
}

static void hand_on(uint32_t member)
{
    uint32_t to = below(MEMBERS);
    if (to == member)
        return;
    race__on_hand(uses.member[to], NULL);
    learn(&uses.of[to], &uses.of[member]);
}

/* MEMBER's place is that of a child of another one's from here on. */
static void end_and_begin(uint32_t member)
{
    uint32_t parent = below(MEMBERS);
    if (parent == member || uses.ends == ENDS_MAX)
        return;
    uses.ends++;
    race__on_strand_end(uses.member[member]);
    race__on_strand_switch(uses.member[parent]);
    uses.member[member] = spawn();
    uses.of[member] = uses.of[parent];
}

/* Is there a use that WRITER does not know either, and that came after USE? */
static bool is_spoken_for(uint32_t use, uint32_t writer)
{
    for (uint32_t i = 0; i < uses.count; i++)
        if (!knows(&uses.of[writer], i) && knows(&uses.before[i], use))
            return true;
    return false;
}

static bool is_found(uint32_t birth)
{
    for (uint32_t i = 0; i < found.conflicts; i++)
        if (found.births[i] == birth)
            return true;
    return false;
}

/* WRITER's write of the object races with the uses that it does not know, and with no others. */
static void check_uses(uint32_t writer)
{
    CHECK_EQ(found.conflicts, 0);
    write_object(uses.member[writer]);
    uint32_t right = 0;
    for (uint32_t i = 0; i < uses.count; i++)
        if (!knows(&uses.of[writer], i) && !is_spoken_for(i, writer))
            CHECK(is_found(uses.birth[i]));
    for (uint32_t k = 0; k < found.conflicts; k++)
        for (uint32_t i = 0; i < uses.count; i++)
            if (!knows(&uses.of[writer], i) && uses.birth[i] == found.births[k]) {
                right++;
                break;
            }
    CHECK_EQ(right, found.conflicts);
}

static const struct race__log *log_of_uses(void)
{
    uintptr_t addr = (uintptr_t)object;
    uint64_t spare = load_relaxed(race__shadow_spare(addr));
    return (load_relaxed(race__shadow_cell(addr)) & RACE_CELL_MORE) != 0 &&
                   race__cell_is_link(spare)
               ? race__crowd_log(race__crowd_of_link(spare))
               : NULL;
}

static void begin_uses(goc_strand *root)
{
    race__on_memory_new(object, RACE_WORD_SIZE, NULL, NULL);
    race__on_memory_new(&other_object, 1, NULL, NULL);
    memset(&uses, 0, sizeof uses);
    found.conflicts = 0;
    race__on_strand_switch(root);
    for (uint32_t i = 0; i < MEMBERS; i++)
        uses.member[i] = spawn();
}

/* A use or two by most, and all that may come in between, in random order. */
static void test_random(goc_strand *a, goc_strand *b)
{
    enum { ROUNDS = 4000, RARE = 64 };
    static void (*const rare[])(uint32_t member) = {
        take_uses, take_uses, take_uses,     hand_on,       put_in_place,  add_only,
        hand_on,   use_only,  change_places, end_and_begin, end_and_begin, end_and_begin};
    uint32_t logged = 0;
    uint32_t known = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        begin_uses(round % 2 == 0 ? a : b);
        uint32_t steps = below(USES_MAX);
        uint32_t each = 2 + below(RARE);
        for (uint32_t i = 0; i < steps; i++) {
            uint32_t member = below(MEMBERS);
            race__on_strand_switch(uses.member[member]);
            if (below(each) != 0)
                use_and_leave(member);
            else
                rare[below(sizeof rare / sizeof rare[0])](member);
        }
        const struct race__log *log = log_of_uses();
        logged += log != NULL;
        known += log != NULL && log->known != 0;
        check_uses(below(MEMBERS));
        for (uint32_t i = 0; i < MEMBERS; i++)
            race__on_strand_end(uses.member[i]);
    }
    printf("%u rounds with a log, %u where some of it is known\n", logged, known);
    fflush(stdout);
    CHECK(logged > ROUNDS / 4);
    CHECK(known > ROUNDS / 8);
}

/* Who takes the uses and ends has left nothing but that; the next on its slot does not know
 * them. */
static void test_slot_of_uses(goc_strand *a, goc_strand *b)
{
    enum { TRIES = 100000 };
    begin_uses(a);
    race__on_strand_switch(a);
    goc_strand *taker = spawn();
    uint32_t slot = race__epoch_slot(taker->view.own);
    for (uint32_t i = 0; i < MEMBERS; i++) {
        race__on_strand_switch(uses.member[i]);
        race__on_use_merge(object, &uses);
    }
    race__on_strand_switch(taker);
    race__on_acquire(object);
    race__on_strand_end(taker);
    race__on_strand_switch(b);
    goc_strand *next = spawn();
    for (uint32_t i = 0; i < TRIES && race__epoch_slot(next->view.own) != slot; i++) {
        race__on_strand_end(next);
        next = spawn();
    }
    write_object(next);
    CHECK(found.conflicts >= MEMBERS);
    race__on_strand_end(next);
    for (uint32_t i = 0; i < MEMBERS; i++)
        race__on_strand_end(uses.member[i]);
}

/* So many by a strand or two that the log has no room for them. */
static void test_many_uses(goc_strand *a, goc_strand *b)
{
    enum { TURNS = 20000 };
    begin_uses(a);
    for (uint32_t i = 0; i < TURNS; i++) {
        uint32_t member = i < 2 * MEMBERS ? i % MEMBERS : i % 2;
        race__on_strand_switch(uses.member[member]);
        race__on_use_merge(object, &uses);
    }
    CHECK_EQ(found.conflicts, 0);
    write_object(b);
    CHECK(found.conflicts <= MEMBERS + 1); // the cell may have one's older mark
    for (uint32_t i = 0; i < MEMBERS; i++) {
        CHECK(is_found(uses.member[i]->birth));
        race__on_strand_end(uses.member[i]);
    }
}

int main(void)
{
    goc_strand *root = race__on_strand_current();
    static void (*const tests[])(goc_strand *a, goc_strand *b) = {
        test_random, test_slot_of_uses, test_many_uses};
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        race__on_strand_switch(root);
        goc_strand *a = spawn();
        goc_strand *b = spawn();
        tests[i](a, b);
        race__on_strand_end(a);
        race__on_strand_end(b);
    }
    race__on_strand_switch(root);
    return 0;
}
