/* Reads whose marks move on from epoch to epoch where they are (detector/entry/reread.c): whoever
 * writes meets the latest of them, at its place and with its locks, and so does who reads what was
 * written.
 *
 * race__record is defined here in place of the record room's.
 */
#include "check.h"
#include "entry/abi.h"
#include "entry/events.h"
#include "entry/reread.h"
#include "record/record.h"
#include "state/strand.h"

#define TURNS 64 // more than it takes until both strands keep the word in mind

static _Alignas(64) uint64_t words[8];
static unsigned char objects[8];
static uint32_t reported;
static struct race__conflict last;
static goc_strand *one;
static goc_strand *two;
static goc_strand *other;

void race__record(const struct race__access *access)
{
    reported += access->conflicts.count;
    last = access->conflicts.conflict[0];
}

uint32_t race__record_count(void)
{
    return 0;
}

static uint32_t reports(void)
{
    uint32_t count = reported;
    reported = 0;
    return count;
}

static goc_strand *spawn(uint64_t id)
{
    goc_strand *strand = race__on_strand_spawn(id, NULL);
    race__on_strand_switch(strand);
    (void)goc_race_func_enter(&objects);
    (void)race__strand_context(strand);
    return strand;
}

static __attribute__((__noinline__)) void read_word(goc_strand *strand, uint64_t *word)
{
    race__on_strand_switch(strand);
    goc_race_read8(word);
    __asm__ volatile("" ::: "memory"); // no tail call: the place is the same for all
}

static uint32_t write_word(goc_strand *strand, uint64_t *word)
{
    race__on_strand_switch(strand);
    goc_race_write8(word);
    return reports();
}

/* What A did so far is before what B does next. */
static void order(goc_strand *a, goc_strand *b)
{
    race__on_strand_switch(a);
    race__on_release(&objects[0]);
    race__on_strand_switch(b);
    race__on_acquire(&objects[0]);
}

/* What STRAND keeps in mind of WORD, or NULL. */
static const struct race__reread *kept(const goc_strand *strand, const uint64_t *word)
{
    if (strand->rereads == NULL)
        return NULL;
    const struct race__reread *reread = race__reread_at(strand->rereads, (uintptr_t)word);
    return reread->addr == (uintptr_t)word && reread->mark != 0 ? reread : NULL;
}

static bool in_mind(const goc_strand *strand, const uint64_t *word)
{
    return kept(strand, word) != NULL;
}

/* Both read WORD in turn, each in a new epoch; nobody knows the last read of TWO. */
static void read_in_turn(uint64_t *word)
{
    for (int i = 0; i < TURNS; i++) {
        read_word(one, word);
        order(one, two);
        read_word(two, word);
        if (i < TURNS - 1)
            order(two, one);
    }
    CHECK(in_mind(one, word));
    CHECK(in_mind(two, word));
    CHECK_EQ(reports(), 0);
}

/* Neither takes the other's mark away. */
static void both_stay(void)
{
    read_in_turn(&words[0]);
    uint64_t cell = *race__shadow_cell((uintptr_t)&words[0]);
    CHECK(cell & RACE_CELL_MORE);
    read_word(one, &words[0]);
    order(one, two);
    read_word(two, &words[0]);
    CHECK(*race__shadow_cell((uintptr_t)&words[0]) == cell);
    order(one, other);
    CHECK_EQ(write_word(other, &words[0]), 1); // the read of TWO
    CHECK_EQ(race__epoch_slot((race__epoch){last.prior.epoch}),
             race__epoch_slot(two->view.own));
}

/* Whoever knows all reads but the last one races with that, and who knows that one does not. */
static void last_counts(void)
{
    read_in_turn(&words[1]);
    order(one, other);
    order(two, other);
    read_word(one, &words[1]);
    CHECK_EQ(write_word(other, &words[1]), 1);

    read_in_turn(&words[2]);
    order(two, other);
    CHECK_EQ(write_word(other, &words[2]), 0);
}

/* What was written meanwhile is met. */
static void write_is_met(void)
{
    read_in_turn(&words[3]);
    order(one, other);
    order(two, other);
    CHECK_EQ(write_word(other, &words[3]), 0);
    read_word(one, &words[3]);
    CHECK_EQ(reports(), 1);

    /* Beside a mark that is in its place. */
    read_in_turn(&words[4]);
    order(two, other);
    read_word(one, &words[4]);
    CHECK_EQ(write_word(other, &words[4]), 1);
    order(one, two);
    read_word(one, &words[4]);
    CHECK_EQ(reports(), 1);
}

/* The mark says where the last read was, and under which locks. */
static void place_and_locks(void)
{
    read_in_turn(&words[5]);
    order(two, one); // the next read of TWO is of another epoch
    race__on_strand_switch(two);
    uint32_t leaf_before = race__strand_leaf(two, kept(two, &words[5])->pc);
    race__on_lock(&objects[1], true, "lock", &objects);
    goc_race_read8(&words[5]); // elsewhere
    uint32_t lockset = two->lockset;
    race__on_unlock(&objects[1], true, &objects);
    CHECK(in_mind(two, &words[5]));
    uint32_t leaf = race__strand_leaf(two, kept(two, &words[5])->pc);
    order(one, other);
    CHECK_EQ(write_word(other, &words[5]), 1);
    CHECK_EQ(race__tag_lockset(last.prior.tag), lockset);
    CHECK_EQ(race__tag_leaf(last.prior.tag), leaf);
    CHECK(leaf != leaf_before);
}

/* Who reads a word much in an epoch asks without a call again. */
static void many_in_an_epoch(void)
{
    read_in_turn(&words[6]);
    for (int i = 0; i < TURNS && in_mind(two, &words[6]); i++)
        read_word(two, &words[6]);
    CHECK(!in_mind(two, &words[6]));
    CHECK(race__cell_knows(*race__shadow_cell((uintptr_t)&words[6]), two->expect,
                           RACE_CELL_BYTES, false));
    order(two, one);
    order(one, other);
    CHECK_EQ(write_word(other, &words[6]), 0);
}

/* One that is alone by now moves its mark as well, and whoever it creates knows. */
static void alone_by_now(void)
{
    read_in_turn(&words[7]);
    order(two, one);
    uint32_t alive = race__strands_alive;
    race__strands_alive = 1;
    read_word(one, &words[7]);
    race__strands_alive = alive;
    const struct race__reread *moved = kept(one, &words[7]);
    CHECK(moved != NULL);
    CHECK(moved->block->epoch == one->view.own.raw);
    CHECK_EQ(write_word(spawn(4), &words[7]), 0);
}

int main(void)
{
    one = spawn(1);
    two = spawn(2);
    other = spawn(3);
    both_stay();
    last_counts();
    write_is_met();
    place_and_locks();
    many_in_an_epoch();
    alone_by_now();
    return 0;
}
