/* A word: what accesses leave in it, inline and in a crowd, and what fast paths see. */
#include "check/word.h"
#include "shadow.h"
#include "state/forget.h"
#include "state/slab.h"
#include "unit.h"

enum { MANY = 1000 };

static _Alignas(RACE_WORD_SIZE) char variable[RACE_WORD_SIZE];
static struct race__conflicts conflicts;
static struct race__word word;

static uintptr_t addr(void)
{
    return (uintptr_t)variable;
}

/* A strand of SLOT that knows nobody else. */
static goc_strand strand(uint32_t slot, uint64_t clock)
{
    return (goc_strand){.view.own = race__epoch_make(slot, clock),
                        .run = race__epoch_make(slot, clock),
                        .cells = race__window_cells(),
                        .expect = RACE_EXPECT_NEVER};
}

/* It goes on at CLOCK. */
static void go_on(goc_strand *strand, uint64_t clock)
{
    strand->view.own = race__epoch_make(race__epoch_slot(strand->view.own), clock);
    strand->run = strand->view.own;
    strand->moment.now = 0;
    strand->expect = RACE_EXPECT_NEVER;
}

/* It ends, for what is counted. */
static void end(goc_strand *strand)
{
    race__moment_leave(&strand->moment);
    for (unsigned i = 0; i < RACE_MOMENTS_PAST; i++)
        race__moment_leave(&strand->past[i]);
    race__view_drop(&strand->view);
}

static bool access_as(goc_strand *strand, unsigned first, size_t size, uint64_t kind,
                      uint32_t leaf)
{
    conflicts.count = 0;
    return race__word_access(strand, addr(), race__tag_bytes(first, size) | kind | leaf,
                             &conflicts);
}

static bool is_same(goc_strand *strand, unsigned first, size_t size, bool is_write)
{
    return race__word_is_same(strand, addr(), race__cell_bytes(first, size), is_write);
}

static const struct race__word *look(void)
{
    race__word_open(addr(), load_relaxed(race__shadow_cell(addr())), &word);
    return &word;
}

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    if (race__moment_blocks == NULL)
        race__moment_init();
    race__shadow_enliven(addr());
    race__strands_alive = 2; // nobody is alone
    return 0;
}

static int clear(void **state)
{
    (void)state;
    race__shadow_take_note(addr(), RACE_NOTE_MARKS);
    race__forget(addr(), RACE_WORD_SIZE);
    return 0;
}

static void a_repeated_access_leaves_nothing_more(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    assert_true(access_as(&one, 0, 4, RACE_TAG_WRITE, 5));
    assert_false(access_as(&one, 0, 4, RACE_TAG_WRITE, 6));
    assert_false(access_as(&one, 1, 2, 0, 6));
    assert_int_equal(race__tag_leaf(look()->place[0].tag), 5);
    assert_int_equal(look()->place[1].epoch, 0);
    assert_true(is_same(&one, 0, 4, true));
    assert_true(is_same(&one, 3, 1, false));
    assert_false(is_same(&one, 4, 1, false));
    go_on(&one, 2);
    assert_false(is_same(&one, 0, 1, false));
}

/* Neighbours that the same place touches in the same epoch are one mark. */
static void a_loop_over_bytes_is_one_mark(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    for (unsigned i = 0; i < RACE_WORD_SIZE; i++)
        assert_true(access_as(&one, i, 1, RACE_TAG_WRITE, 5));
    assert_true((look()->place[0].tag & RACE_TAG_BYTES) == RACE_TAG_BYTES);
    assert_int_equal(look()->place[1].epoch, 0);
}

static void an_atomic_does_not_stand_for_a_plain_access(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    assert_true(access_as(&one, 0, 4, RACE_TAG_WRITE | RACE_TAG_ATOMIC, 5));
    assert_false(is_same(&one, 0, 4, false));
    assert_true(access_as(&one, 0, 4, 0, 6));
    assert_int_equal(race__tag_leaf(look()->place[0].tag), 6);
}

static void what_is_ordered_goes(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    goc_strand two = strand(2, 1);
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    race__view_acquire(&two.view, &one.view);
    assert_true(access_as(&two, 2, 2, RACE_TAG_WRITE, 6));
    assert_int_equal(conflicts.count, 0);
    assert_true((look()->place[1].tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT == 0xf3);
    assert_true((look()->place[0].tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT == 0x0c);
    end(&two);
}

static void both_sides_of_a_race_stay(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot <= 10; slot++) {
        goc_strand other = strand(slot, 1);
        assert_true(access_as(&other, 0, 4, RACE_TAG_WRITE, 100 + slot));
        assert_int_equal(conflicts.count, slot - 1);
    }
}

static void more_conflicts_than_are_kept(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot <= RACE_CONFLICTS_MAX + 10; slot++) {
        goc_strand other = strand(slot, 1);
        (void)access_as(&other, 0, 4, RACE_TAG_WRITE, 100 + slot);
    }
    assert_int_equal(conflicts.count, RACE_CONFLICTS_MAX);
}

/* Readers without number, then a write that follows all but one of them. */
static void a_crowd_of_readers_is_met_by_a_write(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    goc_strand writer = strand(MANY + 1, 1);
    for (uint32_t slot = 1; slot <= MANY; slot++) {
        goc_strand other = strand(slot, 1);
        assert_true(access_as(&other, 0, 8, 0, slot));
        assert_false(access_as(&other, 0, 8, 0, slot));
        if (slot != 77)
            race__view_acquire(&writer.view, &other.view);
    }
    assert_true(access_as(&writer, 0, 8, RACE_TAG_WRITE, 5000));
    assert_int_equal(conflicts.count, 1);
    assert_int_equal(race__tag_leaf(conflicts.conflict[0].prior.tag), 77);
    goc_strand last = strand(77, 1);
    race__view_acquire(&writer.view, &last.view);
    go_on(&writer, 2);
    assert_true(access_as(&writer, 0, 8, RACE_TAG_WRITE, 5001));
    assert_int_equal(conflicts.count, 0);
    assert_null(look()->crowd.head);
    assert_int_equal(look()->place[1].epoch, 0);
    end(&writer);
    assert_int_equal(race__slab_in_use(), before);
}

/* One more reader of a word that many read is dealt with in the first step, and every one stays
 * known; not where somebody writes whom it does not know. */
static void one_more_reader_goes_the_short_way(void **state)
{
    (void)state;
    enum { READERS = 20 };
    goc_strand reader[READERS];
    uint64_t before;
    uint64_t tag = race__tag_bytes(addr(), 1) | 7;
    for (uint32_t i = 0; i < READERS; i++) {
        reader[i] = strand(i + 1, 1);
        if (i < READERS / 2)
            assert_true(access_as(&reader[i], 0, 1, 0, 7));
    }
    uint32_t short_ways = 0;
    for (uint32_t i = READERS / 2; i < READERS; i++) {
        if (race__word_alone(&reader[i], addr(), tag, &before) == RACE_MARKED)
            short_ways++;
        else
            assert_true(
                race__word_among_others(&reader[i], addr(), tag, before, &conflicts));
    }
    assert_true(short_ways >= READERS / 2 - 1); // the crowd may have had to grow
    for (uint32_t i = 0; i < READERS; i++)
        assert_true(is_same(&reader[i], 0, 1, false));
    assert_int_equal(look()->crowd.head->live, READERS - 1);
    goc_strand writer = strand(READERS + 1, 1);
    goc_strand late = strand(READERS + 2, 1);
    assert_true(access_as(&writer, 0, 1, RACE_TAG_WRITE, 8));
    assert_int_equal(conflicts.count, READERS);
    assert_true(access_as(&late, 0, 1, 0, 9));
    assert_int_equal(conflicts.count, 1);
    for (uint32_t i = 0; i < READERS; i++)
        end(&reader[i]);
}

/* Several places touch parts of a word, and then it is asked for as a whole: the cell answers
 * for all of them, and whoever is concurrent meets each. */
static void places_that_share_a_word_are_known_together(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    for (unsigned i = 0; i < RACE_WORD_SIZE; i++)
        assert_true(access_as(&one, i, 1, 0, i + 1));
    (void)access_as(&one, 0, 8, 0, 100);
    assert_true(race__cell_is_summary(load_relaxed(race__shadow_cell(addr()))));
    assert_true(is_same(&one, 0, 8, false));
    assert_false(is_same(&one, 0, 8, true));
    assert_true(race__cell_knows(load_relaxed(race__shadow_cell(addr())), one.expect,
                                 RACE_CELL_BYTES, false));
    goc_strand two = strand(2, 1);
    assert_true(access_as(&two, 2, 4, RACE_TAG_WRITE, 200));
    assert_int_equal(conflicts.count, 4);
    assert_false(race__cell_is_summary(load_relaxed(race__shadow_cell(addr()))));
    assert_true(is_same(&one, 0, 1, false));
    end(&one);
    end(&two);
}

/* Two halves, written at different times and read at others: four marks, for which there is
 * room without a crowd, whoever comes next; and each is met. */
static void halves_need_no_crowd(void **state)
{
    (void)state;
    uint64_t before = race__slab_in_use();
    goc_strand one = strand(1, 1);
    uint64_t clock = 1;
    for (unsigned round = 0; round < 5; round++)
        for (unsigned half = 0; half < 2; half++) {
            assert_true(access_as(&one, half * 4, 4, RACE_TAG_WRITE, 10 + half));
            go_on(&one, ++clock);
            assert_true(access_as(&one, 4 - half * 4, 4, 0, 20 + half));
            assert_true(is_same(&one, 4 - half * 4, 4, false));
            go_on(&one, ++clock);
            assert_true(access_as(&one, half * 4, 4, 0, 30 + half));
            assert_true(is_same(&one, half * 4, 4, false));
            assert_false(is_same(&one, half * 4, 4, true));
            go_on(&one, ++clock);
            assert_null(look()->crowd.head);
        }
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        assert_int_not_equal(look()->place[i].epoch, 0);
    goc_strand two = strand(2, 1);
    assert_true(access_as(&two, 3, 2, RACE_TAG_WRITE, 40));
    assert_int_equal(conflicts.count, 4);
    assert_non_null(look()->crowd.head);
    end(&one);
    end(&two);
    race__forget(addr(), RACE_WORD_SIZE);
    assert_int_equal(race__slab_in_use(), before);
}

/* What the cell says to strand ONE, of all bytes. */
static bool answers(const goc_strand *one, bool is_write)
{
    uint64_t cell = load_relaxed(race__shadow_cell(addr()));
    return race__cell_knows(cell, one->expect, RACE_CELL_BYTES, is_write);
}

/* The bytes of the mark of LEAF in the word's places, 0 for none. */
static uint64_t bytes_of(uint32_t leaf)
{
    for (unsigned i = 0; i < RACE_WORD_PLACES; i++)
        if (look()->place[i].epoch != 0 && race__tag_leaf(word.place[i].tag) == leaf)
            return word.place[i].tag & RACE_TAG_BYTES;
    return 0;
}

/* Two halves, each with a mark of its own of one epoch: the cell answers for both as far as both
 * say, and each mark keeps its own bytes. */
static void the_cell_answers_for_both_halves(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    assert_true(access_as(&one, 0, 8, 0, 9));
    assert_true(access_as(&one, 0, 4, RACE_TAG_WRITE, 10));
    assert_true(access_as(&one, 4, 4, RACE_TAG_WRITE, 11));
    assert_true(answers(&one, true));
    assert_int_equal(bytes_of(9), 0);
    assert_int_equal(bytes_of(10), race__tag_bytes(0, 4));
    assert_int_equal(bytes_of(11), race__tag_bytes(4, 4));
    go_on(&one, 2);
    assert_true(access_as(&one, 4, 4, RACE_TAG_WRITE, 12));
    assert_false(answers(&one, false));
    assert_int_equal(bytes_of(10), race__tag_bytes(0, 4));
    assert_int_equal(bytes_of(11), 0);
    assert_true(access_as(&one, 0, 4, 0, 13));
    assert_true(answers(&one, false));
    assert_false(answers(&one, true));
    assert_true(is_same(&one, 4, 4, true));
    assert_int_equal(bytes_of(13), race__tag_bytes(0, 4));
    goc_strand two = strand(2, 1);
    assert_true(access_as(&two, 0, 1, RACE_TAG_WRITE, 40));
    assert_int_equal(conflicts.count, 2);
    assert_true(access_as(&two, 7, 1, 0, 41));
    assert_int_equal(conflicts.count, 1);
    assert_int_equal(race__tag_leaf(conflicts.conflict[0].prior.tag), 12);
    end(&one);
    end(&two);
}

/* What was marked under other locks in the same epoch is known. */
static void locks_do_not_end_an_epoch(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    for (uint32_t lockset = 1; lockset < 20; lockset++) {
        one.lockset = lockset;
        (void)race__strand_moment(&one);
        assert_true(is_same(&one, 0, 8, true));
    }
    assert_int_equal(race__tag_lockset(look()->place[0].tag), 0);
    end(&one);
}

/* Two strands take turns, ordered: the crowd that the first turns made does not grow. */
static void turns_do_not_add_up(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    goc_strand two = strand(2, 1);
    for (uint64_t turn = 1; turn < 1000; turn++) {
        go_on(&one, turn);
        go_on(&two, turn);
        race__view_acquire(&one.view, &two.view);
        for (unsigned byte = 0; byte < RACE_WORD_SIZE; byte++)
            (void)access_as(&one, byte, 1, byte % 2 == 0 ? RACE_TAG_WRITE : 0, byte + 1);
        race__view_acquire(&two.view, &one.view);
        for (unsigned byte = 0; byte < RACE_WORD_SIZE; byte++)
            (void)access_as(&two, byte, 1, byte % 3 == 0 ? RACE_TAG_WRITE : 0, byte + 20);
        go_on(&one, turn + 1);
        go_on(&two, turn + 1);
    }
    struct race__crowd crowd = look()->crowd;
    assert_true(crowd.head == NULL || crowd.half <= 64);
    end(&one);
    end(&two);
}

/* Several read what one wrote, in one epoch after the other: each has one mark, its newest,
 * and the write stays; whoever writes without knowing them meets them all. */
static void readers_take_turns(void **state)
{
    enum { READERS = 5, TURNS = 20 };
    (void)state;
    goc_strand writer = strand(30, 1);
    goc_strand readers[READERS];
    assert_true(access_as(&writer, 0, 8, RACE_TAG_WRITE, 5));
    for (uint32_t i = 0; i < READERS; i++) {
        readers[i] = strand(i + 1, 1);
        race__view_acquire(&readers[i].view, &writer.view);
    }
    for (uint64_t turn = 1; turn <= TURNS; turn++)
        for (uint32_t i = 0; i < READERS; i++) {
            go_on(&readers[i], turn);
            assert_true(access_as(&readers[i], 0, 8, 0, (uint32_t)turn));
            assert_int_equal(conflicts.count, 0);
            assert_true(is_same(&readers[i], 2, 4, false));
            assert_false(is_same(&readers[i], 2, 4, true));
        }
    goc_strand other = strand(40, 1);
    (void)access_as(&other, 3, 1, RACE_TAG_WRITE, 6);
    assert_int_equal(conflicts.count, READERS + 1);
    for (uint32_t i = 0; i < conflicts.count; i++) {
        struct race__mark prior = conflicts.conflict[i].prior;
        bool is_write = (prior.tag & RACE_TAG_WRITE) != 0;
        assert_int_equal(race__tag_leaf(prior.tag), is_write ? 5 : TURNS);
    }
    for (uint32_t i = 0; i < READERS; i++)
        end(&readers[i]);
    end(&writer);
    end(&other);
}

static void settle_as(goc_strand *strand, unsigned first, size_t size, uint64_t kind)
{
    conflicts.count = 0;
    race__word_settle(strand, addr(), race__tag_bytes(first, size) | kind | 300,
                      &conflicts);
}

/* Who is alone leaves no mark, and drops all that is ordered before it: of every byte. */
static void who_is_alone_leaves_a_word_without_marks(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    goc_strand two = strand(2, 1);
    for (unsigned i = 0; i < RACE_WORD_SIZE; i++)
        assert_true(access_as(&two, i, 1, i % 2 * RACE_TAG_WRITE, i + 1));
    race__view_acquire(&one.view, &two.view);
    settle_as(&one, 0, 1, RACE_TAG_WRITE);
    assert_int_equal(conflicts.count, 0);
    assert_true(load_relaxed(race__shadow_cell(addr())) == 0);
    one.expect = RACE_EXPECT_NO_MARKS;
    assert_true(is_same(&one, 0, 8, true));
    one.expect = RACE_EXPECT_NEVER;
    end(&one);
    end(&two);
}

/* What is not ordered before it stays, and is met again and again; an end of a block too. */
static void who_is_alone_meets_what_is_not_ordered(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    goc_strand two = strand(2, 1);
    assert_true(access_as(&one, 0, 2, RACE_TAG_WRITE | RACE_TAG_FREE, 5));
    assert_true(access_as(&two, 4, 4, RACE_TAG_WRITE, 6));
    for (int i = 0; i < 3; i++) {
        settle_as(&one, 6, 1, 0);
        assert_int_equal(conflicts.count, 1);
        assert_int_equal(conflicts.conflict[0].rule, RACE_WRITE_READ_RACE);
        settle_as(&one, 1, 1, 0);
        assert_int_equal(conflicts.count, 1);
        assert_int_equal(conflicts.conflict[0].rule, RACE_USE_AFTER_FREE);
        settle_as(&one, 2, 2, RACE_TAG_WRITE);
        assert_int_equal(conflicts.count, 0);
    }
    end(&one);
    end(&two);
}

/* A cell without a mark whose word has a crowd is not a word without marks. */
static void a_crowd_alone_is_not_taken_for_nothing(void **state)
{
    (void)state;
    goc_strand writer = strand(20, 1);
    goc_strand last = strand(21, 1);
    for (uint32_t slot = 1; slot <= 10; slot++) {
        goc_strand other = strand(slot, 1);
        assert_true(access_as(&other, 0, 4, 0, 100 + slot));
        end(&other);
    }
    assert_true(access_as(&last, 0, 8, 0, 200));
    race__view_acquire(&writer.view, &last.view);
    settle_as(&writer, 0, 4, 0); // drops the mark of the last, in the cell
    assert_int_equal(look()->place[0].epoch, 0);
    assert_non_null(look()->crowd.head);
    writer.expect = RACE_EXPECT_NO_MARKS;
    assert_false(is_same(&writer, 0, 4, false));
    writer.expect = RACE_EXPECT_NEVER;
    assert_true(access_as(&writer, 0, 4, RACE_TAG_WRITE, 201));
    assert_int_equal(conflicts.count, 10);
    end(&writer);
    end(&last);
}

static uint64_t cell_of(const char *at)
{
    return load_relaxed(race__shadow_cell((uintptr_t)at));
}

static bool write_word(goc_strand *strand, const char *at, uint32_t leaf)
{
    conflicts.count = 0;
    return race__word_access(strand, (uintptr_t)at,
                             RACE_TAG_BYTES | RACE_TAG_WRITE | leaf, &conflicts);
}

static bool left_marks;

static uintptr_t words_as(goc_strand *strand, uintptr_t begin, uintptr_t end,
                          uint64_t tag)
{
    left_marks = false;
    return race__words_alone(strand, begin, end, tag, &left_marks);
}

/* Untouched, of an earlier epoch, a read of this one and known: each is dealt with.  What
 * somebody else wrote is left to the long way, as it was. */
static void words_go_as_far_as_their_cells_say(void **state)
{
    (void)state;
    enum { EARLIER = 1, READ, KNOWN, FOREIGN, COUNT };
    static _Alignas(64) char words[COUNT + 1][RACE_WORD_SIZE];
    goc_strand one = strand(1, 1);
    goc_strand other = strand(2, 1);
    uintptr_t begin = (uintptr_t)words[0];
    uint64_t tag = RACE_TAG_BYTES | RACE_TAG_WRITE | 7;
    race__shadow_enliven(begin);
    assert_true(write_word(&one, words[EARLIER], 5));
    assert_true(write_word(&other, words[FOREIGN], 6));
    go_on(&one, 2);
    assert_true(
        race__word_access(&one, (uintptr_t)words[READ], RACE_TAG_BYTES | 5, &conflicts));
    assert_true(write_word(&one, words[KNOWN], 5));
    uint64_t known = cell_of(words[KNOWN]);
    uint64_t foreign = cell_of(words[FOREIGN]);
    assert_true(words_as(&one, begin, (uintptr_t)words[COUNT], tag) ==
                (uintptr_t)words[FOREIGN]);
    assert_true(left_marks);
    assert_true(words_as(&one, begin, (uintptr_t)words[FOREIGN], tag) ==
                (uintptr_t)words[FOREIGN]);
    assert_false(left_marks);
    assert_true(cell_of(words[EARLIER]) == cell_of(words[0]));
    assert_true(cell_of(words[READ]) == cell_of(words[0]));
    assert_int_equal(race__tag_leaf(race__cell_mark(cell_of(words[0])).tag), 7);
    assert_true(cell_of(words[KNOWN]) == known);
    assert_true(cell_of(words[FOREIGN]) == foreign);

    race__view_acquire(&one.view, &other.view);
    assert_true(words_as(&one, begin, (uintptr_t)words[COUNT], tag) ==
                (uintptr_t)words[COUNT]);
    assert_true(cell_of(words[FOREIGN]) == cell_of(words[0]));
    race__shadow_take_note(begin, RACE_NOTE_MARKS);
    race__forget(begin, sizeof words);
    end(&one);
    end(&other);
}

/* Neighbours that are alike are dealt with two at a time, wherever a range begins and ends; each as
 * it would be alone, and what is gone is counted. */
static void words_that_are_alike(void **state)
{
    (void)state;
    enum { COUNT = 9, TURNS = 4000, SETTLED = 200 };
    static _Alignas(64) char words[COUNT][RACE_WORD_SIZE];
    const uint64_t write = RACE_TAG_BYTES | RACE_TAG_WRITE;
    goc_strand one = strand(1, 1);
    goc_strand other = strand(2, 1);
    uint32_t blocks = 0;
    race__shadow_enliven((uintptr_t)words[0]);
    for (unsigned turn = 0; turn < TURNS; turn++) {
        unsigned first = turn % 4;
        unsigned count = 1 + turn / 4 % (COUNT - first);
        uintptr_t begin = (uintptr_t)words[first];
        uintptr_t stop = begin + (uintptr_t)count * RACE_WORD_SIZE;
        if (turn % 7 == 1) // nothing is left of others
            assert_true(words_as(&one, begin, stop, RACE_TAG_BYTES | 4) == stop);
        assert_true(words_as(&one, begin, stop, write | 5) == stop);
        assert_true(words_as(&other, begin, stop, write | 6) == begin);
        assert_false(left_marks);
        for (unsigned i = first; i < first + count; i++)
            assert_int_equal(race__tag_leaf(race__cell_mark(cell_of(words[i])).tag), 5);
        race__view_acquire(&other.view, &one.view);
        assert_true(words_as(&other, begin, stop, write | 6) == stop);
        assert_true(left_marks);
        for (unsigned i = first; i < first + count; i++) {
            assert_int_equal(race__tag_leaf(race__cell_mark(cell_of(words[i])).tag), 6);
            assert_true(race__cell_mark(cell_of(words[i])).epoch == other.view.own.raw);
        }
        race__view_acquire(&one.view, &other.view);
        go_on(&one, turn + 2);
        go_on(&other, turn + 2);
        if (turn % 7 == 0) {
            race__shadow_take_note((uintptr_t)words[0], RACE_NOTE_MARKS);
            race__forget((uintptr_t)words[0], sizeof words);
        }
        if (turn == SETTLED)
            blocks = race__moment_block_count();
    }
    assert_true(race__moment_block_count() < blocks + TURNS / 20);
    end(&one);
    end(&other);
}

/* A read does not take the place of a write, beside which it stands, nor an atomic access of what
 * is plain, nor anything that of a block's end, which takes that of all. */
static void words_keep_what_is_stronger(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    go_on(&one, 2);
    assert_true(words_as(&one, addr(), addr() + 8, RACE_TAG_BYTES | 7) == addr() + 8);
    assert_int_equal(race__tag_leaf(look()->place[0].tag), 7);
    assert_int_equal(race__tag_leaf(look()->place[1].tag), 5);
    race__shadow_take_note(addr(), RACE_NOTE_MARKS);
    race__forget(addr(), RACE_WORD_SIZE);
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    go_on(&one, 3);
    uint64_t free = RACE_TAG_WRITE | RACE_TAG_FREE;
    uint64_t atomic = RACE_TAG_WRITE | RACE_TAG_ATOMIC;
    assert_true(words_as(&one, addr(), addr() + 8, RACE_TAG_BYTES | atomic | 7) ==
                addr());
    assert_true(words_as(&one, addr(), addr() + 8, RACE_TAG_BYTES | free | 6) ==
                addr() + 8);
    assert_true((look()->place[0].tag & RACE_TAG_KIND) == free);
    assert_true(words_as(&one, addr(), addr() + 8, RACE_TAG_BYTES | free | 6) == addr());
    go_on(&one, 4);
    assert_true(words_as(&one, addr(), addr() + 8, RACE_TAG_BYTES | RACE_TAG_WRITE | 7) ==
                addr());
    end(&one);
}

/* What a strand has written it reads in each epoch: the write stays, and the read moves on beside
 * it, as long as both are ordered before. */
static void words_move_on_beside_a_write(void **state)
{
    (void)state;
    goc_strand one = strand(1, 1);
    goc_strand other = strand(2, 1);
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    go_on(&one, 2);
    assert_true(access_as(&one, 0, 8, 0, 6));
    for (uint64_t clock = 3; clock < 6; clock++) {
        go_on(&one, clock);
        assert_true(words_as(&one, addr(), addr() + 8, RACE_TAG_BYTES | 7) == addr() + 8);
        assert_true(left_marks);
        assert_int_equal(look()->place[0].epoch, one.view.own.raw);
        assert_int_equal(race__tag_leaf(look()->place[0].tag), 7);
        assert_int_equal(race__tag_leaf(look()->place[1].tag), 5);
        assert_int_equal(look()->place[2].epoch, 0);
    }
    assert_true(words_as(&other, addr(), addr() + 8, RACE_TAG_BYTES | 8) == addr());
    assert_true(access_as(&other, 0, 8, 0, 8));
    assert_int_equal(conflicts.count, 1);
    assert_int_equal(race__tag_leaf(conflicts.conflict[0].prior.tag), 5);

    race__shadow_take_note(addr(), RACE_NOTE_MARKS);
    race__forget(addr(), RACE_WORD_SIZE);
    assert_true(access_as(&other, 0, 8, 0, 8));
    assert_true(access_as(&one, 0, 8, RACE_TAG_WRITE, 5));
    assert_int_equal(conflicts.count, 1);
    go_on(&other,
          2); // of its two marks the one would move on, were the other one ordered
    assert_true(words_as(&other, addr(), addr() + 8, RACE_TAG_BYTES | 8) == addr());
    assert_true(access_as(&other, 0, 8, 0, 8));
    assert_int_equal(conflicts.count, 1);
    end(&one);
    end(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_repeated_access_leaves_nothing_more, clear),
        cmocka_unit_test_setup(a_loop_over_bytes_is_one_mark, clear),
        cmocka_unit_test_setup(an_atomic_does_not_stand_for_a_plain_access, clear),
        cmocka_unit_test_setup(what_is_ordered_goes, clear),
        cmocka_unit_test_setup(both_sides_of_a_race_stay, clear),
        cmocka_unit_test_setup(more_conflicts_than_are_kept, clear),
        cmocka_unit_test_setup(a_crowd_of_readers_is_met_by_a_write, clear),
        cmocka_unit_test_setup(one_more_reader_goes_the_short_way, clear),
        cmocka_unit_test_setup(halves_need_no_crowd, clear),
        cmocka_unit_test_setup(the_cell_answers_for_both_halves, clear),
        cmocka_unit_test_setup(places_that_share_a_word_are_known_together, clear),
        cmocka_unit_test_setup(locks_do_not_end_an_epoch, clear),
        cmocka_unit_test_setup(turns_do_not_add_up, clear),
        cmocka_unit_test_setup(readers_take_turns, clear),
        cmocka_unit_test_setup(who_is_alone_leaves_a_word_without_marks, clear),
        cmocka_unit_test_setup(who_is_alone_meets_what_is_not_ordered, clear),
        cmocka_unit_test_setup(a_crowd_alone_is_not_taken_for_nothing, clear),
        cmocka_unit_test_setup(words_go_as_far_as_their_cells_say, clear),
        cmocka_unit_test_setup(words_that_are_alike, clear),
        cmocka_unit_test_setup(words_keep_what_is_stronger, clear),
        cmocka_unit_test_setup(words_move_on_beside_a_write, clear),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
