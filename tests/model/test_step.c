/* A foreign event loop: while it sleeps, whatever it has to see to makes its descriptor readable,
 * and goroutines lose nothing when its place goes from it to others and back.  That nothing is left
 * to the monitor's next look, the clock tells, which only moves when all sleep. */
#include "base/atomic.h"
#include "model.h"
#include "sched/claim.h"
#include "sched/sched.h"

#include <goc/chan.h>
#include <goc/go.h>
#include <goc/loop.h>
#include <goc/sync.h>

enum { PARTS = 3 };

static uint32_t done;    // atomic
static uint32_t stage;   // atomic
static int parts[PARTS]; /* plain */
static goc_chan *c;
static goc_waitgroup both;

static void finish(int number)
{
    parts[number] = number + 1;
    fetch_add_release(&done, 1u);
    goc_poll_wake();
}

static void do_part(void *number)
{
    int n = *(int *)number;
    goc_yield();
    finish(n);
}

static void begin(void)
{
    MODEL_CHECK(goc_poll_fd() >= 0);
}

/* The loop, until COUNT have finished. */
static void loop(uint32_t count)
{
    while (load_acquire(&done) < count) {
        model_alarm_wait();
        MODEL_CHECK(goc_step(0) >= 0);
    }
    for (uint32_t i = 0; i < count; i++)
        MODEL_CHECK(parts[i] == (int)i + 1);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void spawn_parts(int count)
{
    for (int i = 0; i < count; i++)
        goc_go(do_part, &i, sizeof i);
}

static void goroutines_in_steps(void)
{
    begin();
    spawn_parts(PARTS);
    loop(PARTS);
    MODEL_CHECK(goc_poll_end() == 0);
}

/* Those that were there before the loop. */
static void a_loop_begins(void)
{
    spawn_parts(PARTS);
    begin();
    loop(PARTS);
}

static void alone(void)
{
    goc_maxprocs(1);
    begin();
    spawn_parts(2);
    loop(2);
    MODEL_CHECK(goc_poll_end() == 0);
}

/* The loop's goroutine waits for another, and lends its place meanwhile. */
static void give(void *unused)
{
    (void)unused;
    int value = 7;
    goc_chan_send(c, &value);
    finish(0);
}

static void a_callback_waits(void)
{
    c = goc_chan_make(sizeof(int), 0);
    begin();
    goc_go(give, NULL, 0);
    int value;
    MODEL_CHECK(goc_chan_recv(c, &value) && value == 7);
    loop(1);
    MODEL_CHECK(goc_poll_end() == 0);
}

/* A goroutine that the loop runs wants a thread of its own, which cannot be the loop's. */
static void take_thread(void *unused)
{
    (void)unused;
    goc_lock_os_thread();
    goc_yield();
    goc_unlock_os_thread();
    finish(0);
}

static void one_locks_its_thread(void)
{
    begin();
    goc_go(take_thread, NULL, 0);
    loop(1);
    MODEL_CHECK(goc_poll_end() == 0);
}

/* The same while the loop's P goes out of use and comes back. */
static void change_procs(void *unused)
{
    (void)unused;
    goc_maxprocs(1);
    goc_maxprocs(2);
}

static void one_locks_its_thread_as_ps_change(void)
{
    begin();
    goc_go(take_thread, NULL, 0);
    goc_go(do_part, &(int){1}, sizeof(int));
    model_thread(change_procs, NULL);
    loop(2);
}

/* The loop has lent its place, so it may get another P, one that goes out of use while a goroutine
 * in a step leaves it. */
enum { RUNS = 1, MAY_MOVE };

static void wait_for(uint32_t wanted)
{
    while (load_acquire(&stage) != wanted)
        cpu_relax();
}

static void run_and_move(void *unused)
{
    (void)unused;
    store_release(&stage, (uint32_t)RUNS);
    wait_for(MAY_MOVE);
    goc_lock_os_thread();
    goc_unlock_os_thread();
    finish(1);
}

static void shrink_and_grow(void *unused)
{
    (void)unused;
    wait_for(RUNS);
    goc_maxprocs(1);
    store_release(&stage, (uint32_t)MAY_MOVE);
    goc_maxprocs(2);
}

static void one_moves_from_a_p_out_of_use(void)
{
    c = goc_chan_make(sizeof(int), 0);
    begin();
    goc_go(give, NULL, 0);
    int value;
    MODEL_CHECK(goc_chan_recv(c, &value) && value == 7);
    goc_go(run_and_move, NULL, 0);
    model_thread(shrink_and_grow, NULL);
    loop(2);
}

/* Somebody who looks for work meets the loop's M for the first time, by the P that it has got. */
static void step_on_a_new_m(void *unused)
{
    (void)unused;
    begin();
    MODEL_CHECK(goc_step(0) >= 0);
    goc_waitgroup_done(&both);
}

static void look_at_owners(void *unused)
{
    (void)unused;
    struct m *self = goc__enter();
    uint32_t count = load_acquire(&goc__sched.proc_count);
    for (uint32_t i = 0; i < count; i++) {
        struct m *owner = load_acquire(&goc__sched.procs[i]->m);
        if (owner != NULL && goc__claim_borrow(owner) != NULL)
            goc__claim_return(owner);
    }
    goc__leave(self);
    goc_waitgroup_done(&both);
}

static void a_thief_meets_the_loop(void)
{
    goc_waitgroup_add(&both, 2);
    model_thread(look_at_owners, NULL);
    goc_go(step_on_a_new_m, NULL, 0);
    goc_lock_os_thread();
    goc_waitgroup_wait(&both);
}

/* A thread has news for the loop, which a callback reads. */
static void tell(void *unused)
{
    (void)unused;
    finish(0);
}

static void a_thread_wakes_the_loop(void)
{
    begin();
    model_thread(tell, NULL);
    loop(1);
    MODEL_CHECK(goc_poll_end() == 0);
}

int main(void)
{
    model_explore("step: a thread wakes the loop", a_thread_wakes_the_loop, 1, 1);
    model_random("step: goroutines in steps", goroutines_in_steps, 5, 4000);
    model_random("step: a loop begins", a_loop_begins, 5, 4000);
    model_random("step: alone", alone, 5, 2000);
    model_random("step: a callback waits", a_callback_waits, 5, 4000);
    model_random("step: one locks its thread", one_locks_its_thread, 5, 4000);
    model_random("step: one locks it as Ps change", one_locks_its_thread_as_ps_change, 5,
                 5000);
    model_random("step: one moves from a P out of use", one_moves_from_a_p_out_of_use, 5,
                 15000);
    model_random("step: a thief meets the loop", a_thief_meets_the_loop, 5, 3000);
}
