/* Strands: what a child knows, frames and contexts, births, and a slot that wears out. */
#include "entry/boot.h"
#include "entry/threads.h"
#include "state/context.h"
#include "state/strand.h"
#include "unit.h"

static int boot(void **state)
{
    (void)state;
    race__boot();
    return 0;
}

static goc_strand *new_strand(goc_strand *parent, uint64_t name)
{
    return race__strand_new(parent, RACE_STRAND_GOROUTINE, name, RACE_CONTEXT_ROOT);
}

static void a_child_knows_what_was_before_it(void **state)
{
    (void)state;
    goc_strand *parent = race__self.strand;
    race__epoch before = parent->view.own;
    goc_strand *child = new_strand(parent, 1);
    assert_true(race__view_covers(&child->view, before));
    assert_false(race__view_covers(&child->view, parent->view.own));
    assert_false(race__view_covers(&parent->view, child->view.own));
    race__strand_free(child);
}

static void epochs_lead_to_births(void **state)
{
    (void)state;
    goc_strand *first = new_strand(race__self.strand, 11);
    race__epoch first_epoch = first->view.own;
    race__strand_free(first); // it left nothing: its slot is the next one's
    goc_strand *second = new_strand(race__self.strand, 12);
    assert_int_equal(race__epoch_slot(second->view.own), race__epoch_slot(first_epoch));
    assert_int_equal(race__birth_at(race__birth_of(first_epoch)).name, 11);
    assert_int_equal(race__birth_at(race__birth_of(second->view.own)).name, 12);
    assert_int_equal(race__birth_at(second->birth).parent, race__self.strand->birth);
    race__strand_free(second);
}

static void frames_become_contexts_when_asked(void **state)
{
    (void)state;
    goc_strand *strand = new_strand(race__self.strand, 21);
    const void *pcs[4];
    uint32_t before = race__context_count();
    for (uintptr_t i = 0; i < 1000; i++)
        assert_int_equal(race__strand_push(strand, (const void *)(0x5000 + i)), i);
    assert_int_equal(race__context_count(), before);
    uint32_t leaf = race__strand_leaf(strand, (const void *)0x9000);
    assert_int_equal(race__context_stack(leaf, pcs, 4), 4);
    assert_ptr_equal(pcs[0], (const void *)0x9000);
    assert_ptr_equal(pcs[1], (const void *)(0x5000 + 999));
    assert_int_equal(race__context_count(), before + 1001);
    strand->depth = 998;
    (void)race__strand_push(strand, (const void *)0x7000);
    leaf = race__strand_leaf(strand, (const void *)0x9000);
    assert_int_equal(race__context_stack(leaf, pcs, 4), 4);
    assert_ptr_equal(pcs[1], (const void *)0x7000);
    assert_ptr_equal(pcs[2], (const void *)(0x5000 + 997));
    assert_int_equal(race__context_count(), before + 1003);
    race__strand_free(strand);
}

static void a_worn_out_slot_is_exchanged(void **state)
{
    (void)state;
    goc_strand *strand = new_strand(race__self.strand, 31);
    uint32_t slot = race__epoch_slot(strand->view.own);
    uint32_t birth = race__birth_of(strand->view.own);
    strand->view.own = race__epoch_make(slot, RACE_CLOCK_MAX);
    race__epoch last = strand->view.own;
    race__strand_tick(strand);
    assert_int_not_equal(race__epoch_slot(strand->view.own), slot);
    assert_true(race__view_covers(&strand->view, last));
    assert_int_equal(race__birth_of(strand->view.own), birth);
    race__strand_free(strand);
}

/* While it is the only one its accesses leave no marks and no release is a new moment; its
 * child's birth ends that, and what it did is before all that the child does. */
static void one_alone_is_settled_until_another_is_born(void **state)
{
    (void)state;
    goc_strand *only = race__self.strand;
    race__epoch before = only->view.own;
    assert_true(race__strand_is_alone());
    race__strand_settle(only);
    assert_true(only->expect == RACE_EXPECT_NO_MARKS);
    assert_false(race__epoch_same(only->view.own, before)); // its marks speak no more
    before = only->view.own;
    race__strand_tick(only); // what it has handed on does not know what it learns next
    assert_false(race__epoch_same(only->view.own, before));
    assert_true(only->expect == RACE_EXPECT_NO_MARKS);
    goc_strand *child = new_strand(only, 41);
    assert_false(race__strand_is_alone());
    assert_true(only->expect == RACE_EXPECT_NEVER);
    assert_true(race__view_covers(&child->view, before));
    assert_false(race__view_covers(&child->view, only->view.own));
    race__strand_free(child);
    assert_true(race__strand_is_alone());
    uint32_t settled = race__strands_settled();
    race__strand_settle(only);
    assert_int_equal(race__strands_settled(), settled + 1);
    race__strand_expect_orphans(); // for good
    assert_false(race__strand_is_alone());
    assert_true(only->expect == RACE_EXPECT_NEVER);
}

/* A thread that ended hands its last moment on to whoever joins it; so nobody else goes on
 * on its slot who does not know that moment, and is taken to know what it knew. */
static void what_a_join_hands_on_is_nobody_elses(void **state)
{
    (void)state;
    enum { TEACHERS = 2 * RACE_TAIL_MAX, TRIES = 64 };
    goc_strand *main_strand = race__self.strand;
    goc_strand *ended = new_strand(main_strand, 41);
    goc_strand *joiner = new_strand(main_strand, 42);
    goc_strand *reader = new_strand(main_strand, 43);
    uint32_t slot = race__epoch_slot(ended->view.own);
    race__epoch taught[TEACHERS];
    for (int i = 0; i < TEACHERS; i++) {
        goc_strand *teacher = new_strand(main_strand, 44);
        taught[i] = teacher->view.own;
        race__view_acquire(&ended->view, &teacher->view);
        race__strand_tick(teacher);
    }
    race__strand_make_current(joiner);
    race__thread_join(ended);
    race__strand_make_current(main_strand);
    goc_strand *other = NULL;
    for (int i = 0; i < TRIES; i++) {
        other = new_strand(main_strand, 45);
        if (race__epoch_slot(other->view.own) == slot)
            break;
    }
    race__view_acquire(&reader->view, &other->view);
    race__strand_tick(other);
    race__view_acquire(&reader->view, &joiner->view);
    race__strand_tick(joiner);
    for (int i = 0; i < TEACHERS; i++)
        assert_true(race__view_covers(&reader->view, taught[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_knows_what_was_before_it),
        cmocka_unit_test(epochs_lead_to_births),
        cmocka_unit_test(frames_become_contexts_when_asked),
        cmocka_unit_test(a_worn_out_slot_is_exchanged),
        cmocka_unit_test(one_alone_is_settled_until_another_is_born),
        cmocka_unit_test(what_a_join_hands_on_is_nobody_elses),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
