/* What a thief leaves where it is beside a detector: steal.c as it is built for one, in a world of
 * two Ps whose clock goes on by a microsecond with each look, and whose owner decides as a case
 * says. */
#include "os/clock.h"
#include "os/futex.h"
#include "os/thread.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/poller.h"
#include "sched/random.h"
#include "sched/runq.h"
#include "sched/sched.h"
#include "sched/steal.h"
#include "unit.h"

#include <string.h>

enum { LOOK_NS = 1000, NAP_MOST_NS = 150000, LOOKS_MANY = 10000 };

struct sched goc__sched;
_Thread_local struct m *goc__m_local;

static struct p own;    // the thief's
static struct p victim; // another's, which has work
static struct m thief;
static struct m owner;

static int64_t now;
static int64_t earliest; // when a timer is due
static int64_t decision; // a decision of the owner's takes so long; 0: it makes none
static int64_t since;    // the last one
static int naps;
static bool is_unseen; // no nap is counted as looking for work
static int64_t longest_nap;
static int stolen;

int64_t goc__clock_now(void)
{
    now += LOOK_NS;
    for (; decision > 0 && now - since >= decision; since += decision)
        victim.tick++;
    return now;
}

bool goc__futex_wait(uint32_t *word, uint32_t expected, int64_t deadline)
{
    assert_ptr_equal(word, &thief.wake);
    assert_int_equal(expected, 0);
    assert_true(deadline > now);
    assert_true(!is_unseen || goc__sched.spinning == 0);
    longest_nap = deadline - now > longest_nap ? deadline - now : longest_nap;
    naps++;
    now = deadline;
    return false;
}

int32_t goc__thread_cpu(void)
{
    return 0;
}

int64_t goc__idle_earliest(void)
{
    return earliest;
}

bool goc__poller_look(int64_t at)
{
    (void)at;
    return false;
}

bool goc__timers_run_some(struct timers *timers, int64_t at, const struct p *to)
{
    (void)timers, (void)at, (void)to;
    return false;
}

uint32_t goc__random_below(uint32_t bound)
{
    return bound - 1;
}

struct p *goc__claim_borrow(struct m *m)
{
    assert_ptr_equal(m, &owner);
    return &victim;
}

void goc__claim_return(struct m *m)
{
    assert_ptr_equal(m, &owner);
}

uint32_t goc__runq_steal(struct p *to, struct p *from)
{
    assert_ptr_equal(to, &own);
    assert_ptr_equal(from, &victim);
    stolen++;
    victim.newborn_count /= 2;
    own.newborn_count += victim.newborn_count;
    return victim.newborn_count;
}

static int begin(void **state)
{
    (void)state;
    memset(&own, 0, sizeof own);
    memset(&victim, 0, sizeof victim);
    memset(&thief, 0, sizeof thief);
    memset(&goc__sched, 0, sizeof goc__sched);
    thief.p = &own;
    victim.m = &owner;
    own.timers.earliest = victim.timers.earliest = TIMER_NEVER;
    goc__sched.procs[0] = &own;
    goc__sched.procs[1] = &victim;
    goc__sched.proc_count = goc__sched.limit = 2;
    now = since = INT64_C(1) << 40;
    earliest = TIMER_NEVER;
    decision = naps = stolen = 0;
    longest_nap = 0;
    is_unseen = false;
    return 0;
}

static bool is_asked(void)
{
    return (victim.attention & ATTENTION_SHARE) != 0;
}

/* The thief looks for work, again and again, for so long. */
static void look_for(int64_t ns)
{
    for (int64_t until = now + ns; now < until && stolen == 0 && !is_asked();)
        (void)goc__steal(&thief);
}

static void a_queue_that_is_soon_through_stays(void **state)
{
    (void)state;
    victim.tail = 2;
    decision = 200;
    assert_true(goc__steal(&thief)); // it has not found out that there is nothing
    assert_int_equal(naps, 1);
    look_for(NAP_MOST_NS * INT64_C(20));
    assert_true(naps > 10);
    assert_true(longest_nap == NAP_MOST_NS);
    assert_false(is_asked());
    assert_int_equal(stolen, 0);
    assert_true(thief.spinning); // nobody else is woken for it
    assert_int_equal(goc__sched.spinning, 1);
}

static void a_queue_for_longer_is_shared(void **state)
{
    (void)state;
    victim.tail = 100;
    decision = 500;
    look_for(NAP_MOST_NS);
    assert_true(is_asked());
    assert_int_equal(naps, 0);
}

static void a_nap_ends_with_the_next_timer(void **state)
{
    (void)state;
    victim.tail = 2;
    decision = 200;
    earliest = now + INT64_C(30) * LOOK_NS;
    assert_true(goc__steal(&thief));
    assert_int_equal(naps, 1);
    assert_true(longest_nap < INT64_C(30) * LOOK_NS);
}

/* As they are spawned and run, for some milliseconds, in turn. */
static void become_brisk(void)
{
    victim.newborn_count = 1000;
    decision = 200;
    for (int i = 0; i < LOOKS_MANY && naps < 3; i++) {
        (void)goc__steal(&thief);
        if (stolen > 0 || is_asked()) { // before anything is known of it
            stolen = 0;
            victim.attention = 0;
            own.newborn_count = 0;
            victim.newborn_count = 1000;
        }
    }
    assert_true(naps >= 3);
}

static void newborns_stay_with_a_brisk_owner(void **state)
{
    (void)state;
    become_brisk();
    int before = naps;
    look_for(NAP_MOST_NS * INT64_C(20));
    assert_true(naps - before > 10);
    assert_true(longest_nap == NAP_MOST_NS);
    assert_int_equal(stolen, 0);
    assert_false(is_asked());
}

/* It is left alone for one nap. */
static void newborns_of_one_that_computes_are_taken(void **state)
{
    (void)state;
    become_brisk();
    decision = 0;
    int before = naps;
    int64_t start = now;
    look_for(NAP_MOST_NS * INT64_C(20));
    assert_int_equal(stolen, 1);
    assert_true(naps - before <= 1);
    assert_true(now - start < NAP_MOST_NS * INT64_C(2));
}

static void newborns_that_take_long_are_taken(void **state)
{
    (void)state;
    victim.newborn_count = 1000;
    decision = INT64_C(25) * LOOK_NS; // longer than an owner has to be settled
    look_for(NAP_MOST_NS * INT64_C(20));
    assert_int_equal(stolen, 1);
    assert_int_equal(naps, 0);
}

/* What a P was is not what it is for ever. */
static void an_owner_is_brisk_no_more(void **state)
{
    (void)state;
    become_brisk();
    decision = INT64_C(25) * LOOK_NS;
    look_for(INT64_C(100) * NAP_MOST_NS);
    assert_int_equal(stolen, 1);
}

/* Woken on the CPU of the owner. */
static void be_in_the_way(void)
{
    victim.tail = 1;
    victim.newborn_count = 1000;
    thief.crowded_cpu = 1 + goc__thread_cpu();
}

static void who_talks_has_the_cpu(void **state)
{
    (void)state;
    be_in_the_way();
    decision = INT64_C(10) * LOOK_NS;
    int64_t start = now;
    assert_false(goc__steal(&thief));
    assert_int_equal(naps, 1);
    assert_true(now - start < NAP_MOST_NS + INT64_C(10) * LOOK_NS);
    assert_int_equal(stolen, 0);
}

/* It makes decisions all the while, but not many. */
static void who_computes_has_a_thief_that_goes_on(void **state)
{
    (void)state;
    be_in_the_way();
    decision = INT64_C(25) * LOOK_NS;
    assert_true(goc__steal(&thief));
    assert_int_equal(naps, 1);
    assert_int_equal(stolen, 1);
}

/* It is not one of those that look for work. */
static void others_are_woken_during_such_a_nap(void **state)
{
    (void)state;
    be_in_the_way();
    decision = 200;
    is_unseen = true;
    assert_false(goc__steal(&thief));
    assert_int_equal(naps, 1);
    assert_true(thief.spinning);
    assert_int_equal(goc__sched.spinning, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_queue_that_is_soon_through_stays, begin),
        cmocka_unit_test_setup(a_queue_for_longer_is_shared, begin),
        cmocka_unit_test_setup(a_nap_ends_with_the_next_timer, begin),
        cmocka_unit_test_setup(newborns_stay_with_a_brisk_owner, begin),
        cmocka_unit_test_setup(newborns_of_one_that_computes_are_taken, begin),
        cmocka_unit_test_setup(newborns_that_take_long_are_taken, begin),
        cmocka_unit_test_setup(an_owner_is_brisk_no_more, begin),
        cmocka_unit_test_setup(who_talks_has_the_cpu, begin),
        cmocka_unit_test_setup(who_computes_has_a_thief_that_goes_on, begin),
        cmocka_unit_test_setup(others_are_woken_during_such_a_nap, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
