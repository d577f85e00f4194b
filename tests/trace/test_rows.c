/* Sends and receives, many in a row and not: who closes a channel, or writes what others have read,
 * races with those whose latest use or read it does not know, and with no others, whatever trades
 * were one of the epoch before (state/order.c, "Traded again").
 *
 * race__record is defined here in place of the record room's.
 */
#include "check.h"
#include "entry/abi.h"
#include "entry/events.h"
#include "record/record.h"
#include "state/strand.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MEMBERS = 12,
    CHANNELS = 2,
    SLOTS = 9,
    WORDS = 3,
    OBJECTS = 2,
    SENDS = 0,
    RECEIVES = 1,
    KINDS = 2,
    STEPS = 60,
    ROW = 24
};

typedef uint32_t clocks[MEMBERS];

static struct {
    _Alignas(64) unsigned char area[KINDS][GOC_RACE_TOUCH_SIZE];
    struct goc_race_slot slot[SLOTS];
} channels[CHANNELS];
static _Alignas(8) uint64_t words[WORDS];
static unsigned char objects[OBJECTS];

/* What is expected of them. */
static struct {
    goc_strand *strand[MEMBERS];
    clocks now[MEMBERS];
    clocks object[OBJECTS];
    clocks slot[CHANNELS][SLOTS];
    clocks used[CHANNELS][KINDS]; // latest, 0: not at all
    clocks read[WORDS];
    uint32_t at[CHANNELS][KINDS];
    uint32_t count[CHANNELS];
    uint32_t capacity[CHANNELS];
    uint32_t members;
} model;

static uint32_t reported; // a bit for each member
static uint32_t traded_again;
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
    for (uint32_t i = 0; i < access->conflicts.count; i++) {
        race__epoch prior = {access->conflicts.conflict[i].prior.epoch};
        uint32_t member = race__birth_of(prior) - model.strand[0]->birth;
        CHECK(member < model.members);
        reported |= 1u << member;
    }
}

uint32_t race__record_count(void)
{
    return 0;
}

static void join(clocks to, const clocks from)
{
    for (uint32_t i = 0; i < MEMBERS; i++)
        to[i] = to[i] > from[i] ? to[i] : from[i];
}

static void copy(clocks to, const clocks from)
{
    for (uint32_t i = 0; i < MEMBERS; i++)
        to[i] = from[i];
}

static void model_trade(uint32_t member, uint32_t channel, uint32_t slot)
{
    clocks taken;
    copy(taken, model.slot[channel][slot]);
    copy(model.slot[channel][slot], model.now[member]);
    model.now[member][member]++;
    join(model.now[member], taken);
}

static uint32_t slot_before(uint32_t channel, uint32_t slot)
{
    return (slot == 0 ? model.capacity[channel] : slot) - 1;
}

static void note_use(uint32_t member, uint32_t channel, uint32_t kind)
{
    model.used[channel][kind][member] = model.now[member][member];
}

/* As the runtime has it; HOW: 0 of several steps in a row, 1 alone, 2 as what has no two steps. */
static void trade(uint32_t channel, uint32_t kind, uint32_t how)
{
    uint32_t at = model.at[channel][kind];
    struct goc_race_slot *slot = &channels[channel].slot[at];
    struct goc_race_slot *before = &channels[channel].slot[slot_before(channel, at)];
    void *area = channels[channel].area[kind];
    bool held = how != 2 && race__on_touch_begin(area, channels, how == 0);
    if (how == 2)
        race__on_touch(area, channels);
    if (held && race__on_trade_again(slot, before)) {
        traded_again++;
        return;
    }
    if (how != 2 && race__on_touch_end())
        race__on_touch_late();
    race__on_trade_next(slot, before);
}

static void operate(uint32_t member, uint32_t channel, uint32_t kind, uint32_t how)
{
    uint32_t at = model.at[channel][kind];
    race__on_strand_switch(model.strand[member]);
    note_use(member, channel, kind);
    trade(channel, kind, how);
    model_trade(member, channel, at);
    model.at[channel][kind] = at + 1 == model.capacity[channel] ? 0 : at + 1;
    model.count[channel] += kind == SENDS ? 1 : UINT32_MAX;
}

static bool can(uint32_t channel, uint32_t kind)
{
    return kind == SENDS ? model.count[channel] != model.capacity[channel]
                         : model.count[channel] != 0;
}

/* An operation that finds nothing to do, and does not wait. */
static void use_only(uint32_t member, uint32_t channel, uint32_t kind)
{
    note_use(member, channel, kind);
    (void)race__on_touch_begin(channels[channel].area[kind], channels, true);
    if (race__on_touch_end())
        race__on_touch_late();
}

/* MEMBER completes an operation for another one, with the slot of its own. */
static void operate_for(uint32_t member, uint32_t channel, uint32_t kind)
{
    uint32_t waiter = (member + 1) % model.members;
    uint32_t at = model.at[channel][kind];
    struct goc_race_slot *slot = &channels[channel].slot[at];
    race__on_strand_switch(model.strand[waiter]);
    use_only(waiter, channel, 1 - kind);
    race__on_strand_switch(model.strand[member]);
    use_only(member, channel, kind);
    race__on_trade(slot);
    model_trade(member, channel, at);
    race__on_trade_for(slot, model.strand[waiter], NULL);
    model_trade(waiter, channel, at);
}

static void synchronize(uint32_t member)
{
    uint32_t object = below(OBJECTS);
    if (below(2) == 0) {
        race__on_acquire(&objects[object]);
        join(model.now[member], model.object[object]);
    } else {
        race__on_release(&objects[object]);
        copy(model.object[object], model.now[member]);
        model.now[member][member]++;
    }
}

static void read_word(uint32_t member)
{
    uint32_t word = below(WORDS);
    race__on_read_at(&words[word], sizeof words[word], words);
    model.read[word][member] = model.now[member][member];
}

static void step(void)
{
    uint32_t member = below(model.members);
    uint32_t channel = below(CHANNELS);
    uint32_t kind = below(KINDS);
    uint32_t row = below(3) == 0 ? 1 : below(ROW);
    uint32_t what = below(24);
    race__on_strand_switch(model.strand[member]);
    if (what == 0)
        synchronize(member);
    else if (what < 3)
        read_word(member);
    else if (what == 3)
        use_only(member, channel, kind);
    else if (what == 4)
        operate_for(member, channel, kind);
    else
        for (; row != 0 && can(channel, kind); row--) {
            operate(member, channel, kind, what < 6 ? what - 3 : 0);
            if (below(40) == 0)
                read_word(member);
        }
}

/* A bit for each member whose LATEST is not known to MEMBER. */
static uint32_t unknown(uint32_t member, const clocks latest)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < model.members; i++)
        if (latest[i] > model.now[member][i])
            all |= 1u << i;
    return all;
}

/* One writes all. */
static void finish(uint32_t trace)
{
    uint32_t member = below(model.members);
    race__on_strand_switch(model.strand[member]);
    for (uint32_t c = 0; c < CHANNELS; c++)
        for (uint32_t kind = 0; kind < KINDS; kind++) {
            uint32_t expected = unknown(member, model.used[c][kind]);
            reported = 0;
            race__on_write_at(channels[c].area[kind], GOC_RACE_TOUCH_SIZE, channels);
            if (reported != expected)
                check_fail(__FILE__, __LINE__, "trace %u: uses of %x conflict, not %x",
                           trace, reported, expected);
        }
    for (uint32_t word = 0; word < WORDS; word++) {
        uint32_t expected = unknown(member, model.read[word]);
        reported = 0;
        race__on_write_at(&words[word], sizeof words[word], words);
        /* A read may stand for that of another strand. */
        if ((reported & ~expected) != 0 || (reported == 0) != (expected == 0))
            check_fail(__FILE__, __LINE__, "trace %u: reads of %x conflict, not %x",
                       trace, reported, expected);
    }
}

static void begin(goc_strand *root)
{
    memset(&model, 0, sizeof model);
    model.members = 2 + below(MEMBERS - 1);
    race__on_strand_switch(root);
    race__on_memory_new(channels, sizeof channels, NULL, NULL);
    race__on_memory_new(words, sizeof words, NULL, NULL);
    race__on_memory_new(objects, sizeof objects, NULL, NULL);
    for (uint32_t c = 0; c < CHANNELS; c++)
        model.capacity[c] = 1 + below(SLOTS);
    for (uint32_t i = 0; i < model.members; i++) {
        race__on_strand_switch(root);
        model.strand[i] = race__on_strand_spawn(i + 1, NULL);
        model.now[i][i] = 1;
        race__on_strand_switch(model.strand[i]);
        (void)goc_race_func_enter(objects);
        (void)race__strand_context(model.strand[i]);
    }
}

int main(int argc, char **argv)
{
    goc_strand *root = race__on_strand_current();
    uint32_t traces = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 60000;
    for (uint32_t trace = 0; trace < traces; trace++) {
        begin(root);
        for (uint32_t i = below(STEPS); i != 0; i--)
            step();
        finish(trace);
        for (uint32_t c = 0; c < CHANNELS; c++)
            race__on_slots_end(channels[c].slot, model.capacity[c]);
        for (uint32_t i = 0; i < model.members; i++)
            race__on_strand_end(model.strand[i]);
        race__on_strand_switch(root);
    }
    printf("%u trades were one of the epoch before\n", traded_again);
    CHECK(traded_again > traces);
    return 0;
}
