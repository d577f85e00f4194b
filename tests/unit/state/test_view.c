/* Views: what is known already is not learned again, and merged views know all of each. */
#include "state/flat.h"
#include "state/slab.h"
#include "state/view.h"
#include "unit.h"

#include <stdbool.h>
#include <string.h>

static struct race__view strand(uint32_t slot, uint64_t clock)
{
    return (struct race__view){.own = race__epoch_make(slot, clock)};
}

static void acquiring_teaches(void **state)
{
    (void)state;
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_acquire(&a, &b);
    assert_true(race__view_covers(&a, race__epoch_make(2, 7)));
    assert_false(race__view_covers(&a, race__epoch_make(2, 8)));
    assert_true(race__view_covers(&a, race__epoch_make(1, 5)));
    assert_false(race__view_covers(&b, race__epoch_make(1, 5)));
    assert_true(race__epoch_same(a.own, race__epoch_make(1, 5)));
    race__view_drop(&a);
}

static void acquiring_again_changes_nothing(void **state)
{
    (void)state;
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_acquire(&a, &b);
    const race__clock *known = a.known;
    race__view_acquire(&a, &b);
    assert_ptr_equal(a.known, known);
    race__view_drop(&a);
}

static void merged_views_have_no_epoch(void **state)
{
    (void)state;
    struct race__view content = {0};
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_merge(&content, &a);
    assert_true(race__epoch_same(content.own, a.own));
    race__view_merge(&content, &b);
    assert_true(race__epoch_is_none(content.own));
    assert_true(race__view_covers(&content, a.own));
    assert_true(race__view_covers(&content, b.own));
    race__view_drop(&content);
}

/* Whoever knows the last release knows all before it, and takes the place of the rest. */
static void a_merge_keeps_the_epoch_that_knows_all(void **state)
{
    (void)state;
    struct race__view content = {0};
    struct race__view a = strand(1, 5);
    struct race__view b = strand(2, 7);
    race__view_merge(&content, &a);
    race__view_acquire(&b, &a);
    race__view_merge(&content, &b);
    assert_true(race__epoch_same(content.own, b.own));
    race__view_drop(&content);
    race__view_drop(&b);
}

static void a_few_epochs_cost_no_clock(void **state)
{
    (void)state;
    struct race__view reader = strand(100, 1);
    for (uint32_t slot = 1; slot <= RACE_TAIL_MAX; slot++) {
        struct race__view other = strand(slot, 1);
        race__view_acquire(&reader, &other);
        other.own = race__epoch_make(slot, 2);
        race__view_acquire(&reader, &other);
    }
    assert_null(reader.known);
    struct race__view more = strand(RACE_TAIL_MAX + 1, 1);
    race__view_acquire(&reader, &more);
    assert_non_null(reader.known);
    assert_true(race__epoch_same(reader.since, reader.own));
    for (uint32_t slot = 1; slot <= RACE_TAIL_MAX; slot++)
        assert_true(race__view_covers(&reader, race__epoch_make(slot, 2)));
    assert_true(race__view_covers(&reader, more.own));
    race__view_drop(&reader);
}

/* Whoever is born of a strand, or takes turns with it, has its clock. */
static void clocks_are_shared(void **state)
{
    (void)state;
    struct race__view parent = strand(1, 1);
    for (uint32_t slot = 10; slot < 20; slot++) {
        struct race__view other = strand(slot, 1);
        race__view_acquire(&parent, &other);
    }
    struct race__view child = {0};
    race__view_acquire(&child, &parent);
    child.own = race__epoch_make(2, 1);
    parent.own = race__epoch_make(1, 2);
    for (uint64_t turn = 2; turn < 100; turn++) {
        race__view_acquire(&parent, &child);
        child.own = race__epoch_make(2, turn);
        race__view_acquire(&child, &parent);
        parent.own = race__epoch_make(1, turn + 1);
        assert_ptr_equal(parent.known, child.known);
    }
    race__view_drop(&parent);
    race__view_drop(&child);
}

/* Children are many: what their parent has beside its clock goes into that before. */
static void children_have_the_clock_of_their_parent(void **state)
{
    (void)state;
    struct race__view parent = strand(1, 1);
    for (uint32_t slot = 10; slot < 10 + RACE_TAIL_MAX; slot++) {
        struct race__view other = strand(slot, 1);
        race__view_acquire(&parent, &other);
    }
    struct race__view children[2] = {{0}};
    for (int i = 0; i < 2; i++) {
        race__view_inherit(&children[i], &parent);
        assert_ptr_equal(children[i].known, parent.known);
        assert_true(race__epoch_same(children[i].tail[0], parent.own));
        assert_true(race__epoch_is_none(children[i].tail[1]));
        assert_true(race__view_covers(&children[i], race__epoch_make(10, 1)));
        parent.own.raw++;
        race__view_drop(&children[i]);
    }
    race__view_drop(&parent);
}

/* A parent whose own epoch is in its clock, as the stamp of a join, tells its child once. */
static void a_child_knows_its_parent_once(void **state)
{
    (void)state;
    struct race__view parent = strand(1, 1);
    struct race__view others[2] = {strand(2, 1), strand(3, 1)};
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t slot = 10; slot < 20; slot++) {
            struct race__view from = strand(slot + i * 10, 1);
            race__view_acquire(&others[i], &from);
        }
        race__view_acquire(&parent, &others[i]);
    }
    assert_true(race__clock_covers(parent.known, parent.own));
    struct race__view child = {0};
    race__view_inherit(&child, &parent);
    assert_true(race__epoch_is_none(child.tail[0]));
    assert_true(race__view_covers(&child, parent.own));
    parent.own.raw++;
    race__view_drop(&child);
    race__view_inherit(&child, &parent);
    assert_true(race__epoch_same(child.tail[0], parent.own));
    assert_true(race__view_covers(&child, race__epoch_make(29, 1)));
    race__view_drop(&child);
    for (uint32_t i = 0; i < 2; i++)
        race__view_drop(&others[i]);
    race__view_drop(&parent);
}

/* Neighbours in a row that meet in turn, upwards: who knows of all below learns from who knows of
 * all above.  The clock that comes of it has all, and so have both. */
static void neighbours_that_meet_share_a_clock(void **state)
{
    (void)state;
    enum { ROW = 200, ROUNDS = 5 };
    static struct race__view row[ROW];
    int joins = 0;
    for (uint32_t i = 0; i < ROW; i++)
        row[i] = strand(i + 1, 1);
    for (int round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i + 1 < ROW; i++) {
            race__view_acquire(&row[i], &row[i + 1]);
            row[i + 1].own.raw++;
            if (race__epoch_same(row[i].since, row[i].own) &&
                race__epoch_is_none(row[i].tail[0])) {
                assert_true(race__clock_covers(row[i].known, row[i].own));
                joins++;
            }
            race__view_acquire(&row[i + 1], &row[i]);
            row[i].own.raw++;
            assert_true(race__epoch_covers(row[i + 1].since, row[i].since));
            assert_true(round == 0 || row[i].known == row[i + 1].known);
        }
    assert_true(joins > ROW);
    for (uint32_t i = 0; i < ROW; i++)
        race__view_drop(&row[i]);
    assert_int_equal(race__slab_in_use(), 0);
}

/* Two chains of strands, each new one acquiring from both: what they know of each other
 * differs by a step everywhere, and no join looks at it. */
static void long_chains_are_not_walked(void **state)
{
    (void)state;
    enum { STRANDS = 50000 };
    struct race__view first = {0};
    struct race__view second = {0};
    for (uint32_t slot = 1; slot <= STRANDS; slot++) {
        struct race__view view = strand(slot, 1);
        race__view_acquire(&view, &first);
        race__view_replace(&first, &view);
        view.own = race__epoch_make(slot, 2);
        race__view_acquire(&view, &second);
        race__view_replace(&second, &view);
        race__view_drop(&view);
    }
    for (uint32_t slot = 1; slot < STRANDS; slot++) {
        assert_true(race__view_covers(&second, race__epoch_make(slot, 2)));
        assert_false(race__view_covers(&second, race__epoch_make(slot, 3)));
    }
    race__view_drop(&first);
    race__view_drop(&second);
}

/* Everybody's views against plain vector clocks, whatever is handed on, by whom, in which
 * order: in groups of neighbours and across, so that joins meet parts of all sizes. */
enum { PARTIES = 600, OBJECTS = 40, HAND_OVERS = 60000, GROUP = 20 };

static struct {
    struct race__view view;
    uint64_t clock[PARTIES + 1]; // by slot
} parties[PARTIES], objects[OBJECTS];

static uint64_t random_state = 88172645463325252u;
static int flat_meetings;
static int meetings_again;
static int flat_swaps;

static uint32_t below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % limit;
}

static void add(uint64_t *to, const uint64_t *from)
{
    for (int slot = 1; slot <= PARTIES; slot++)
        to[slot] = from[slot] > to[slot] ? from[slot] : to[slot];
}

static void check(const struct race__view *view, const uint64_t *clock)
{
    for (uint32_t slot = 1; slot <= PARTIES; slot++) {
        assert_true(race__view_covers(view, race__epoch_make(slot, clock[slot])));
        assert_false(race__view_covers(view, race__epoch_make(slot, clock[slot] + 1)));
    }
    assert_true(race__clock_is_sound(view->known));
}

static void meet(uint32_t i, uint32_t j)
{
    if (i == j)
        return;
    bool again = race__view_meet_again(&parties[i].view, &parties[j].view);
    bool flat = !again && race__view_meet(&parties[i].view, &parties[j].view);
    bool met = again || flat;
    meetings_again += again;
    flat_meetings += flat;
    if (!met)
        race__view_acquire(&parties[i].view, &parties[j].view);
    parties[j].view.own.raw++;
    if (!met)
        race__view_acquire(&parties[j].view, &parties[i].view);
    add(parties[i].clock, parties[j].clock);
    add(parties[j].clock, parties[i].clock);
    parties[j].clock[j + 1]++;
}

static void tick(uint32_t i)
{
    parties[i].view.own.raw++;
    parties[i].clock[i + 1]++;
}

static void take_turns(uint32_t i, uint32_t j)
{
    meet(i, j);
    tick(i);
    meet(j, i);
    tick(j);
}

static void trade(uint32_t i, uint32_t object)
{
    static uint64_t taken_clock[PARTIES + 1];
    memcpy(taken_clock, objects[object].clock, sizeof taken_clock);
    struct race__view taken = objects[object].view;
    objects[object].view = parties[i].view;
    memcpy(objects[object].clock, parties[i].clock, sizeof taken_clock);
    tick(i);
    if (race__view_swap(&parties[i].view, &objects[object].view, &taken)) {
        flat_swaps++;
        assert_int_equal(parties[i].view.known->refs, 1);
        assert_int_equal(objects[object].view.known->refs, 1);
        check(&objects[object].view, objects[object].clock);
    } else {
        (void)race__clock_share(parties[i].view.known);
        race__view_take(&parties[i].view, &taken);
        assert_true(race__view_is_empty(&taken));
    }
    add(parties[i].clock, taken_clock);
}

static void hand_over(uint32_t i, uint32_t object, uint32_t neighbour)
{
    switch (below(7)) {
    case 0:
        race__view_replace(&objects[object].view, &parties[i].view);
        memcpy(objects[object].clock, parties[i].clock, sizeof parties[i].clock);
        break;
    case 1:
        race__view_merge(&objects[object].view, &parties[i].view);
        add(objects[object].clock, parties[i].clock);
        break;
    case 2:
        for (uint32_t turns = below(4); turns > 0; turns--)
            take_turns(i, neighbour);
        break;
    case 3:
        meet(i, neighbour);
        break;
    case 4:
        trade(i, object);
        break;
    default:
        race__view_acquire(&parties[i].view, &objects[object].view);
        add(parties[i].clock, objects[object].clock);
        break;
    }
    tick(i);
}

static void views_are_vector_clocks_within(size_t flat_bytes)
{
    memset(parties, 0, sizeof parties);
    memset(objects, 0, sizeof objects);
    flat_meetings = 0;
    meetings_again = 0;
    flat_swaps = 0;
    race__flat_bytes_max = flat_bytes;
    race__flats_too_many = false;
    for (uint32_t i = 0; i < PARTIES; i++) {
        parties[i].view = strand(i + 1, 1);
        parties[i].clock[i + 1] = 1;
    }
    uint32_t first = 0;
    for (int step = 0; step < HAND_OVERS; step++) {
        first = below(50) == 0 ? below(PARTIES) : first;
        uint32_t i = (first + below(GROUP)) % PARTIES;
        uint32_t object = (first / GROUP + (below(8) == 0)) % OBJECTS;
        hand_over(i, object, (i + 1) % PARTIES);
        if (step % 16 == 0) {
            check(&parties[i].view, parties[i].clock);
            check(&parties[(i + 1) % PARTIES].view, parties[(i + 1) % PARTIES].clock);
            check(&objects[object].view, objects[object].clock);
        }
    }
    for (int i = 0; i < PARTIES; i++) {
        check(&parties[i].view, parties[i].clock);
        race__view_drop(&parties[i].view);
    }
    for (int i = 0; i < OBJECTS; i++)
        race__view_drop(&objects[i].view);
    assert_int_equal(race__slab_in_use(), 0);
}

static void views_are_vector_clocks(void **state)
{
    (void)state;
    views_are_vector_clocks_within((size_t)16 << 20);
    assert_true(flat_meetings > HAND_OVERS / 10);
    assert_true(meetings_again > HAND_OVERS / 100);
    assert_true(flat_swaps > HAND_OVERS / 50);
}

/* Flat ones are had for some of the views, for a time. */
static void views_are_vector_clocks_with_little_memory(void **state)
{
    (void)state;
    views_are_vector_clocks_within((size_t)256 << 10);
    assert_true(flat_meetings != 0);
}

static void views_are_vector_clocks_of_tries(void **state)
{
    (void)state;
    views_are_vector_clocks_within(0);
    assert_int_equal(flat_meetings, 0);
    assert_int_equal(flat_swaps, 0);
}

static void nothing_is_left(void **state)
{
    (void)state;
    assert_int_equal(race__slab_in_use(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acquiring_teaches),
        cmocka_unit_test(acquiring_again_changes_nothing),
        cmocka_unit_test(merged_views_have_no_epoch),
        cmocka_unit_test(a_merge_keeps_the_epoch_that_knows_all),
        cmocka_unit_test(a_few_epochs_cost_no_clock),
        cmocka_unit_test(clocks_are_shared),
        cmocka_unit_test(children_have_the_clock_of_their_parent),
        cmocka_unit_test(a_child_knows_its_parent_once),
        cmocka_unit_test(neighbours_that_meet_share_a_clock),
        cmocka_unit_test(long_chains_are_not_walked),
        cmocka_unit_test(views_are_vector_clocks),
        cmocka_unit_test(views_are_vector_clocks_with_little_memory),
        cmocka_unit_test(views_are_vector_clocks_of_tries),
        cmocka_unit_test(nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
